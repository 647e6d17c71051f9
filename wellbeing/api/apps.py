from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wellbeing.api"
    label = "api"
