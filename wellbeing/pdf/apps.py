from django.apps import AppConfig
from django.core.checks import Tags, register


class PdfConfig(AppConfig):
    name = "wellbeing.pdf"
    label = "pdf"

    def ready(self) -> None:
        from functools import partial

        from wellbeing.pdf.fonts import check_fonts

        register(check_fonts, Tags.compatibility)
        register(partial(check_fonts, deploy=True), Tags.security, deploy=True)
