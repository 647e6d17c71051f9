from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class DemoConfig(AppConfig):
    name = "wellbeing.demo"
    label = "demo"

    def ready(self) -> None:
        from wellbeing.demo.clock import may_move

        post_migrate.connect(may_move, sender=apps.get_app_config("access"))
