"""Take a case from a manager whose post has ended: no file is left with somebody who cannot open it any more."""

from cases.actions import _clocks, _notices
from cases.clocks import ClockKind
from cases.covering import calls_left_by, left_by
from cases.models import Case, PolicyVersion
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, WHOLE, grant, work_of
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record, user_stream
from wellbeing.outbox.post import post as post_notice
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Desk, Post, Role
from wellbeing.rota.duty import on_duty, staffed
from wellbeing.workdays import now

URGENT = (Tier.RED, Tier.ORANGE)


@action(P.MANAGER_RELEASE)
def release_cases(*, actor: Actor, post: Post) -> Outcome[int]:
    """Every open case that the post's holder managed and can work on through no other post has no manager from now on,
    and its desk is told; returns how many. At red and orange whoever is on duty is told of each, and its follow-up
    clock runs, no later than before; where nobody is on duty it goes up a level at the ticker's next look. Calls that
    she alone held of the hotline go to its supervisor, call-backs and the number with them."""
    rows = list(left_by(post).select_for_update(of=("self",)))
    told: dict[int, Desk] = {}
    for case in rows:
        desk = post.desk if work_of(post.desk, case) else case.owner_desk
        told[desk.pk] = desk
        case.manager = None
        case.save(update_fields=["manager"])
        if Tier(case.tier) in URGENT:
            _watch(case, desk, post)
        record(stream=case.pk, act=P.MANAGER_RELEASE, actor=actor, facts={"desk": desk.pk, "left": post.user_id})
    for pk in told:
        post_notice(kind="managers_left", desk_id=pk, target="handovers", dedupe_key=f"managers_left:{post.pk}:{pk}")
    calls = _pass_calls(actor, post)
    facts = {"post": post.pk, "cases": len(rows), "calls": calls}
    return Outcome(len(rows) + calls, stream=user_stream(post.user_id), facts=facts)


def _pass_calls(actor: Actor, post: Post) -> int:
    calls = list(calls_left_by(post).select_for_update(of=("self",)).order_by("pk"))
    to = desk_at(post.desk.organisation_id, Role.HOTLINE_SUPERVISOR) or post.desk
    for case in calls:
        until = now() + OWNER_DAYS
        grant(case, to=to, origin=Origin.SUPERVISION, expires_at=until, by=actor, holds=WHOLE)
        record(stream=case.pk, act=P.MANAGER_RELEASE, actor=actor, facts={"desk": to.pk, "left": post.user_id})
    if calls:
        post_notice(kind="calls_left", desk_id=to.pk, target="live_desks", dedupe_key=f"calls_left:{post.pk}")
    return len(calls)


def _watch(case: Case, desk: Desk, post: Post) -> None:
    version, duty = PolicyVersion.current(), on_duty(desk.pk)
    unstaffed = () if duty or staffed(desk.pk) else (ClockKind.FOLLOW_UP,)
    _clocks.start(case, desk, ClockKind.FOLLOW_UP, at=now(), never_later=True, unstaffed=unstaffed, version=version)
    key = f"manager_left:{post.pk}:{case.pk}"
    _notices.tell_desk("manager_left", case, desk, duty, key=key, policy=version.policy())
