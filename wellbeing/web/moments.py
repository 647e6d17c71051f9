"""Times as people read them: what is left of a clock, and when something was. Pure but for the language."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

# Below this many seconds a clock shows minutes and seconds: then every second counts.
CLOSE = 600


def words() -> dict[str, str]:
    """The patterns of a span; the page's script fills the same ones, so both always agree."""
    return {
        "left": _("{time} left"),
        "late": _("{time} late"),
        "seconds": "{m}:{s}",
        "minutes": _("{m} min"),
        "hours": _("{h} h {m} min"),
        "days": _("{d} d {h} h"),
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


def absolute(at: datetime) -> str:
    """Date, weekday and minute, in the zone of the city."""
    return date_format(timezone.localtime(at), _("j F Y, l, H:i"))


def brief(at: datetime, now: datetime) -> str:
    """Today and yesterday by name, this year without the year."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    days = (today - local.date()).days
    if days == 0:
        return _("today {time}").format(time=f"{local:%H:%M}")
    if days == 1:
        return _("yesterday {time}").format(time=f"{local:%H:%M}")
    if days == -1:
        return _("tomorrow {time}").format(time=f"{local:%H:%M}")
    return date_format(local, _("j M, H:i") if local.year == today.year else _("j M Y, H:i"))
