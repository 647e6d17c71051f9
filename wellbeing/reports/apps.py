from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "wellbeing.reports"
    label = "reports"

    def ready(self) -> None:
        from wellbeing.reports import actions  # noqa: F401  machines alone do them: no page brings them into the registry
