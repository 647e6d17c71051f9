from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "wellbeing.exchange"
    label = "exchange"
