"""The first visit of each role, and where somebody stands on it: a number in the session, and nothing after its end."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wellbeing.people.models import Role
from wellbeing.web.help import SCREENS, topic_of

STEP = "guide"

# The pages that a first visit leads to, the first of which is where the role's work begins (web.views.FIRST_PAGES).
_HOTLINE = ("case_list", "new_call", "call_backs", "rings", "search")
_SCHOOL = ("steps", "report_concern", "screenings", "referral_list", "search")
_TRIAGE = ("board", "case_list", "referral_list", "screenings", "glass")
TOURS: dict[str, tuple[str, ...]] = {
    Role.HOTLINE_COUNSELLOR: _HOTLINE,
    Role.HOTLINE_SUPERVISOR: ("live_desks", "reviews", "restrictions", "rings", "glass"),
    Role.SCHOOL_COUNSELLOR: _SCHOOL,
    Role.SCHOOL_CRISIS_LEAD: ("case_list", "report_concern", "incidents"),
    Role.COUNTY_TRIAGE: _TRIAGE,
    Role.CITY_DUTY: _TRIAGE,
    Role.HOSPITAL_LIAISON: ("referral_list", "slots"),
    Role.EDUCATION_ADMIN: ("oversight", "staffing", "incidents"),
    Role.REPORTER: ("report_concern", "paper_sheets"),
    Role.SYSTEM_ADMIN: ("accounts",),
    Role.SECURITY_ADMIN: ("appointments", "glass"),
    Role.AUDIT_ADMIN: ("audit",),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the guide; number 0 offers it. `route` is the page it speaks of, `here` whether that is open now."""

    number: int
    steps: int
    route: str
    title: str = ""
    lead: str = ""
    here: bool = True

    @property
    def last(self) -> bool:
        return self.number == self.steps


def pages(request: HttpRequest) -> tuple[str, ...]:
    """The pages of the guide of the actor's first post; none without a post, or when it was ended before."""
    posts = request.actor.posts  # type: ignore[attr-defined]
    if not posts or getattr(request.user, "guided_at", None):
        return ()
    return TOURS.get(posts[0].role, ())


def step(request: HttpRequest, route: str) -> Step | None:
    """What the frame shows of it on the page of `route`: the offer where the role's work begins, a step everywhere."""
    found = pages(request)
    if not found:
        return None
    number = min(int(request.session.get(STEP, 0)), len(found))
    if number == 0:
        return Step(0, len(found), found[0]) if route == found[0] else None
    page = found[number - 1]
    screen = SCREENS[topic_of(page)]
    return Step(number, len(found), page, _(screen.title), _(screen.lead), route == page)
