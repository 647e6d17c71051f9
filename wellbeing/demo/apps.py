from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "wellbeing.demo"
    label = "demo"
