from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "wellbeing.outbox"
    label = "outbox"

    def ready(self) -> None:
        import wellbeing.celery  # noqa: F401  the app must exist before a task is sent from any process
