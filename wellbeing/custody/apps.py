from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "wellbeing.custody"
    label = "custody"

    def ready(self) -> None:
        from wellbeing.custody import actions  # noqa: F401  no page brings what machines do into the registry
