"""All settings, read from the environment. Nothing secret has a default; `check --deploy` names an unsafe value."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from wellbeing.settings import logs
from wellbeing.settings.collector import collected
from wellbeing.settings.csp import CONTENT_SECURITY_POLICY, PERMISSIONS_POLICY  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "csp",
    "django_htmx",
    "wellbeing.vault",
    "wellbeing.people",
    "wellbeing.pdf",
    "wellbeing.audit",
    "wellbeing.outbox",
    "wellbeing.access",
    "wellbeing.signin",
    "wellbeing.custody",
    "wellbeing.rota",
    "wellbeing.exchange",
    "wellbeing.registers",
    "cases",
    "referrals",
    "wellbeing.reports",
    "wellbeing.web",
    "wellbeing.api",
    "wellbeing.demo",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # before all that answers by itself: files, and the way to https
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wellbeing.web.middleware.NoStore",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wellbeing.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wellbeing.web.middleware.Idle",
    "wellbeing.web.middleware.Doors",
]

ROOT_URLCONF = "wellbeing.urls"
WSGI_APPLICATION = "wellbeing.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "wellbeing.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# One engine everywhere. The product connects as wellbeing_app, which owns nothing; migrations run as the owner.
DATABASES = {"default": env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].update(
    {
        # A server whose machine is gone says nothing, and the system would wait for it for hours (2 h of keepalives):
        # meanwhile no clock would move. Given up after less than half a minute, whoever waits asks anew.
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "server_side_binding": True,
        "prepare_threshold": 2,
        "options": "-c search_path=public,vault,pg_temp -c statement_timeout=10000 -c lock_timeout=5000 "
        "-c idle_in_transaction_session_timeout=15000",
    }
)
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Only the embedded engine gives it: the story and the tests read a full dump with it. Never set in production.
SUPERUSER_DATABASE_URL = env.str("SUPERUSER_DATABASE_URL", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["wellbeing.signin.backend.Backend", "guardian.backends.ObjectPermissionBackend"]
# guardian: no anonymous user, and no right that reaches past the object it names.
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wellbeing.signin.passwords.Guessable"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
# `required`: whoever has a post shows a second factor. `optional` only where the demo or development says so.
SECOND_FACTOR = env.str("SECOND_FACTOR", default="required")
if SECOND_FACTOR not in ("required", "optional") or (SECOND_FACTOR == "optional" and not (DEMO or DEBUG)):
    raise ImproperlyConfigured("SECOND_FACTOR is `required`; `optional` is for the demo and for development only.")
FRESH_SECONDS = 300  # how long a shown second factor is enough for exports, posts and keys
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # in front of us, each adding to X-Forwarded-For

# The government's single sign-on; without an address it does not exist.
OIDC_DISCOVERY_URL = env.str("OIDC_DISCOVERY_URL", default="")  # https://…/.well-known/openid-configuration
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
# Values of the token's `acr` or `amr` that count as a second factor (RFC 8176 names `mfa`).
OIDC_SECOND_FACTOR = env.list("OIDC_SECOND_FACTOR", default=["mfa"])

# Sealing. The root key lives outside the database: a file (mode 0400), a hardware module, or the environment while
# developing (docs/keys.md).
ROOT_KEY_PROVIDER = env.str("ROOT_KEY_PROVIDER", default="wellbeing.vault.providers.file.FileProvider")
ROOT_KEY_FILE = env.str("ROOT_KEY_FILE", default="")
ROOT_KEY = env.str("ROOT_KEY", default="")
# The signed daily file for the data platform (docs/data-platform.md): where it goes, and the key that signs it.
PLATFORM_FOLDER = env.str("PLATFORM_FOLDER", default="")
PLATFORM_KEY_FILE = env.str("PLATFORM_KEY_FILE", default="")
PKCS11_MODULE = env.str("PKCS11_MODULE", default="")
PKCS11_TOKEN = env.str("PKCS11_TOKEN", default="wellbeing")
PKCS11_PIN_FILE = env.str("PKCS11_PIN_FILE", default="")
LOGGING = collected(logs.LOGGING, env.str("LOG_ADDRESS", default=""), env.str("LOG_CA_FILE", default=""))
TRANSIT_ADDRESS = env.str("TRANSIT_ADDRESS", default="")
TRANSIT_MOUNT = env.str("TRANSIT_MOUNT", default="transit")
TRANSIT_KEY = env.str("TRANSIT_KEY", default="wellbeing-root")
TRANSIT_TOKEN_FILE = env.str("TRANSIT_TOKEN_FILE", default="")
TRANSIT_CA_FILE = env.str("TRANSIT_CA_FILE", default="")
ERASURE_JOURNAL = env.str("ERASURE_JOURNAL", default="")  # a file beside no backup of the database (docs/keys.md)
# Backups (docs/backup.md): the role that reads every row, and the folder of pg_dump, pg_restore and psql (empty: PATH).
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")
PG_PROGRAMS = env.str("PG_PROGRAMS", default="")
VAULT_SUITE = env.int("VAULT_SUITE", default=1)  # what new keys seal with: 1 AES-256-GCM, 2 SM4-GCM (vault/suites.py)
# The key that signs checkpoints of the audit (32 bytes in hex), the name of this log, and who witnesses it.
AUDIT_KEY_FILE = env.str("AUDIT_KEY_FILE", default="")
AUDIT_ORIGIN = env.str("AUDIT_ORIGIN", default="zhoushan-wellbeing/audit")
AUDIT_WITNESSES = env.list("AUDIT_WITNESSES", default=[])
AUDIT_WITNESS_TOKEN = env.str("AUDIT_WITNESS_TOKEN", default="")

BROKER_URL = env.str("BROKER_URL", default="")
CELERY_BROKER_URL = BROKER_URL

# Ways to a person besides the page; what is not set does not exist. Their secrets are never in the database.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 3
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="notices@localhost")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", default="")
ROBOTS_FILE = env.str("ROBOTS_FILE", default="")
# The telephone exchange: the key of its signature, its lines, and whose it is where a city has several hotlines.
EXCHANGE_KEY = env.str("EXCHANGE_KEY", default="")
EXCHANGE_LINES = env.list("EXCHANGE_LINES", default=["2912345"])
EXCHANGE_HOTLINE = env.str("EXCHANGE_HOTLINE", default="")
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="wellbeing")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 30
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "polling_interval": 0.05,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False

# Searches, and looks at a caller's number, of one person in a minute (wellbeing/access/pace.py, SECURITY.md 2.6).
LOOKS_PER_MINUTE = env.int("LOOKS_PER_MINUTE", default=30)
# The API: requests of one token in a minute, and how many of them at once (docs/api.md). Defaults of ours.
API_PER_MINUTE = env.int("API_PER_MINUTE", default=120)
API_BURST = env.int("API_BURST", default=60)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Papers as PDF: a folder with Noto Serif SC and Noto Sans SC; empty for those of requirements.txt, then the system's.
PDF_FONT_FOLDER = env.str("PDF_FONT_FOLDER", default="")

STATIC_URL = "static/"
STATICFILES_BACKEND = env.str("STATICFILES_BACKEND", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
# The demo and the tests serve the files where they lie; production collects them (`manage.py collectstatic`).
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=False)
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else env.str("STATIC_ROOT", default=str(BASE_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}

# Sessions: idle 15 minutes, absolute 8 hours (enforced by signin.proof); polling does not renew them.
SESSION_ENGINE = "wellbeing.signin.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=900)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "wellbeing.web.views.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# The one-command demo speaks plain http on the loopback; everything else is secure unless it says otherwise.
PLAIN_HTTP = env.bool("PLAIN_HTTP", default=False)
if PLAIN_HTTP and not (DEMO or DEBUG):
    raise ImproperlyConfigured("PLAIN_HTTP is for the demo and for development only.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
if not PLAIN_HTTP:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not PLAIN_HTTP
# Only a proxy of ours is believed that its visitor came by TLS; it overwrites what she sent (docs/protection.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# `no-referrer` would make browsers send `Origin: null` with every form, which the CSRF check must refuse.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_HANDLERS = ["wellbeing.upload.BoundedUpload"]  # nothing that was sent ever lies on a disk in clear
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_EXCEPTION_REPORTER_FILTER = "wellbeing.settings.reports.NothingReported"
SILENCED_SYSTEM_CHECKS: list[str] = []
