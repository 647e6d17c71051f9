"""Days and stretches of time as a rota says them: "Sat 28 Nov 20:00 – Sun 29 Nov 08:00"."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

# Django's own short names are as long as the long ones in Chinese.
WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


def spoken_day(day: date) -> str:
    """A day with its weekday, without the year."""
    return _("{weekday} {date}").format(weekday=WEEKDAYS[day.weekday()], date=date_format(day, _("j M")))


def spoken(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when, each day named once."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if start.date() == end.date():
        return f"{spoken_day(start.date())} {start:%H:%M}–{end:%H:%M}"
    return f"{spoken_day(start.date())} {start:%H:%M} – {spoken_day(end.date())} {end:%H:%M}"


def hours(starts_at: datetime, ends_at: datetime, under: date | None = None) -> str:
    """The hours of a stretch that stands under its day: an end on a later day says so, and a beginning on an earlier
    one than the day that it stands `under`."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if under and start.date() < under:
        return _("day before {start} – {end}").format(start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    days = (end.date() - start.date()).days
    if days == 0:
        return f"{start:%H:%M}–{end:%H:%M}"
    if days == 1 and not (end.hour or end.minute):
        return f"{start:%H:%M}–24:00"
    return _("{start} – next day {end}").format(start=f"{start:%H:%M}", end=f"{end:%H:%M}")
