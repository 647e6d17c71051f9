"""The terms there are."""

from datetime import date

from wellbeing.people.models import Term
from wellbeing.workdays import now


def every_term() -> list[Term]:
    """All terms, the newest first."""
    return list(Term.objects.order_by("-first_day"))


def calendar() -> list[tuple[date, date]]:
    """The first and last day of every term."""
    return list(Term.objects.order_by("first_day").values_list("first_day", "last_day"))


def current_term() -> Term | None:
    """The term that runs today; None between two."""
    today = now().date()
    return Term.objects.filter(first_day__lte=today, last_day__gte=today).first()
