from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "wellbeing.reports"
    label = "reports"

    def ready(self) -> None:
        from wellbeing.reports import actions  # noqa: F401  no page brings what machines do into the registry
