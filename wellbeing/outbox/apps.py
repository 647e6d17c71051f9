from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "wellbeing.outbox"
    label = "outbox"
