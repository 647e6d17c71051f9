from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wellbeing.web"
    label = "web"
