"""Take a case from a manager whose post has ended: no file is left with somebody who cannot open it any more."""

from cases.actions import _clocks, _notices
from cases.clocks import ClockKind
from cases.covering import left_by
from cases.models import Case, PolicyVersion
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import work_of
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record, user_stream
from wellbeing.outbox.post import post as post_notice
from wellbeing.people.models import Desk, Post
from wellbeing.rota.duty import on_duty, staffed
from wellbeing.workdays import now

URGENT = (Tier.RED, Tier.ORANGE)


@action(P.MANAGER_RELEASE)
def release_cases(*, actor: Actor, post: Post) -> Outcome[int]:
    """Every open case that the post's holder managed and can work on through no other post has no manager from now on,
    and its desk is told; returns how many. At red and orange whoever is on duty is told of each, and its follow-up
    clock runs, no later than before; where nobody is on duty it goes up a level at the ticker's next look."""
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
    return Outcome(len(rows), stream=user_stream(post.user_id), facts={"post": post.pk, "cases": len(rows)})


def _watch(case: Case, desk: Desk, post: Post) -> None:
    version, duty = PolicyVersion.current(), on_duty(desk.pk)
    unstaffed = () if duty or staffed(desk.pk) else (ClockKind.FOLLOW_UP,)
    _clocks.start(case, desk, ClockKind.FOLLOW_UP, at=now(), never_later=True, unstaffed=unstaffed, version=version)
    key = f"manager_left:{post.pk}:{case.pk}"
    _notices.tell_desk("manager_left", case, desk, duty, key=key, policy=version.policy())
