from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wellbeing.audit"
    label = "audit"
