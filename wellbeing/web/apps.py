from django.apps import AppConfig
from django.core.checks import Tags, register


class WebConfig(AppConfig):
    name = "wellbeing.web"
    label = "web"

    def ready(self) -> None:
        from wellbeing.web.checks import check_house

        register(check_house, Tags.security, deploy=True)
