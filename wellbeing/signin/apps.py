from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags, register


class SigninConfig(AppConfig):
    name = "wellbeing.signin"
    label = "signin"

    def ready(self) -> None:
        from wellbeing.signin import adopting  # noqa: F401  what stood before the seals
        from wellbeing.signin.checks import check_sign_in
        from wellbeing.signin.proof import begin

        register(check_sign_in, Tags.security, deploy=True)
        user_logged_in.connect(begin, dispatch_uid="signin")  # every session of a person begins here, tests' too
