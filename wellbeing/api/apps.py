from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wellbeing.api"
    label = "api"

    def ready(self) -> None:
        from wellbeing.api.actions.end_token import end_tokens_of
        from wellbeing.people import regained

        regained.then(end_tokens_of)
