"""The terms there are."""

from wellbeing.people.models import Term


def every_term() -> list[Term]:
    """All terms, the newest first."""
    return list(Term.objects.order_by("-first_day"))
