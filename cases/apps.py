from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases.shift import NO_NOTE, note_missed, note_owed
        from wellbeing.signin import leaving

        leaving.first(lambda actor: "shift" if note_owed(actor) else "")
        leaving.left(lambda actor: ("shift", str(NO_NOTE)) if note_missed(actor) else None)

        from cases.tick import release
        from wellbeing.people import leaving as posts

        posts.then(release)

        from cases.columns import COLUMNS
        from wellbeing.vault.columns import name_columns

        name_columns(*COLUMNS)
