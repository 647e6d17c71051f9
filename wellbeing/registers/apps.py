from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "wellbeing.registers"
    label = "registers"
