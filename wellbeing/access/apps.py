from django.apps import AppConfig
from django.core.checks import register


class AccessConfig(AppConfig):
    name = "wellbeing.access"
    label = "access"

    def ready(self) -> None:
        from wellbeing.access.routes import check_routes

        register(check_routes)
