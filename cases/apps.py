from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases.columns import COLUMNS
        from wellbeing.vault.columns import name_columns

        name_columns(*COLUMNS)
