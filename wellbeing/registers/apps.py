from django.apps import AppConfig

from wellbeing.vault.columns import Column, name_columns

_INCIDENT = "(SELECT i.division_id FROM registers_incident i WHERE i.id = t.incident_id)"


class RegistersConfig(AppConfig):
    name = "wellbeing.registers"
    label = "registers"

    def ready(self) -> None:
        model = "registers.incidentline"
        name_columns(Column("incident", "registers_incidentline", "sealed", model, "t.incident_id", _INCIDENT))
