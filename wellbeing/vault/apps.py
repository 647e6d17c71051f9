from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "wellbeing.vault"
    label = "vault"

    def ready(self) -> None:
        from wellbeing.vault import selftest

        selftest.run()
