"""Times as people read them: what is left of a clock, and when something was. Pure but for the language."""

from datetime import date, datetime
from functools import cache, lru_cache

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Below this many seconds a clock shows minutes and seconds: then every second counts.
CLOSE = 600
NEAR = {0: "today", 1: "yesterday", -1: "tomorrow"}


def words() -> dict[str, str]:
    """The patterns of a span; the page's script fills the same ones, so both always agree."""
    return _words(get_language())


@cache
def _words(language: str | None) -> dict[str, str]:
    """Looked up once per language: a long list asks for them on every row."""
    return {
        "left": _("{time} left"),
        "late": _("{time} late"),
        "seconds": "{m}:{s}",
        "minutes": _("{m} min"),
        "hours": _("{h} h {m} min"),
        "days": _("{d} d {h} h"),
        "today": _("today {time}"),
        "yesterday": _("yesterday {time}"),
        "tomorrow": _("tomorrow {time}"),
    }


def span(seconds: int) -> str:
    """A length of time in two units at most."""
    pattern = words()
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3600, seconds % 3600 // 60
    if days:
        return pattern["days"].format(d=days, h=hours)
    if hours:
        return pattern["hours"].format(h=hours, m=minutes)
    if seconds >= CLOSE:
        return pattern["minutes"].format(m=minutes)
    return pattern["seconds"].format(m=minutes, s=f"{seconds % 60:02d}")


def standing(due: datetime, now: datetime) -> str:
    """How much is left of a clock, or by how much it is late."""
    seconds = int((due - now).total_seconds())
    return words()["left" if seconds >= 0 else "late"].format(time=span(abs(seconds)))


def local(at: datetime) -> datetime:
    """The same moment in the zone of the city, which is everybody's."""
    return at.astimezone(timezone.get_default_timezone())


def absolute(at: datetime) -> str:
    """Date and minute in the zone of the city, the same in every language."""
    return local(at).isoformat(" ", "minutes")[:16]


def brief(at: datetime, now: datetime) -> str:
    """Today, yesterday and tomorrow by name, this year without the year."""
    here, today = local(at), local(now).date()
    day, time = here.date(), f"{here:%H:%M}"
    near = NEAR.get((today - day).days)
    if near:
        return words()[near].format(time=time)
    return f"{_day(day, day.year == today.year, get_language())} {time}"


@lru_cache(maxsize=1024)
def _day(day: date, this_year: bool, language: str | None) -> str:
    return date_format(day, _("j M,") if this_year else _("j M Y,"))
