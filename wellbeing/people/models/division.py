"""Counties and districts (区县) by their national code."""

from django.db import models
from django.utils.translation import get_language


class Division(models.Model):
    """A county or district; `counts_for_target` marks the four of the plan's 75 %. A functional area (功能区) is
    `part_of` one of them: its schools and its centre count there, and that county answers for them."""

    code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    counts_for_target = models.BooleanField(default=True)

    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="areas")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name
