from django.apps import AppConfig

from wellbeing.vault.columns import Column, name_columns

_HOTLINE = "(SELECT o.division_id FROM people_organisation o WHERE o.id = t.hotline_id)"


class ExchangeConfig(AppConfig):
    name = "wellbeing.exchange"
    label = "exchange"

    def ready(self) -> None:
        name_columns(Column("ring", "exchange_ring", "number", "exchange.ring", "t.id", _HOTLINE, field="number"))
