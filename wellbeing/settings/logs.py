"""Logs hold codes: an allow-list of keys, no request data, no values of a person."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"codes": {"()": "wellbeing.settings.reports.CodesOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "codes"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "wellbeing": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},  # also a form without its token
    },
}
