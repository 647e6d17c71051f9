from django.apps import AppConfig


class RotaConfig(AppConfig):
    name = "wellbeing.rota"
    label = "rota"
