"""Submit a referral (申请转介): a school asks its county centre, after its own review (研判)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import actions as cases
from cases.models import Case, ConsentRecord
from cases.paper_number import PaperKind
from referrals.actions._journey import move, only_one, tell
from referrals.models import SENDABLE, Purpose, Referral
from referrals.packet import seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_by
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.desks import triage_desk
from wellbeing.workdays import now


@action(P.REFERRAL_SUBMIT)
def submit_referral(
    *, actor: Actor, case: Case, words: Mapping[str, Any], on_paper: cases.OnPaper | None = None
) -> Outcome[Referral]:
    """Seal the request (`words` by the template REQUEST) for the county's triage desk and start its clock.

    The clock runs from now, also where it was written `on_paper` before. Invalid without a summary, for a closed case,
    while one of the case is under way, or for the sheet of paper.
    """
    if not str(words.get("summary") or "").strip():
        raise Invalid("summary", _("Write what was noticed; three lines are enough."))
    if case.status == "closed":
        raise Invalid("summary", _("The case is closed."))
    at, school, county = now(), acts_by(actor, P.REFERRAL_SUBMIT, case).desk, triage_desk(case.division_id)
    cases.enter_paper(case, PaperKind.REFERRAL, on_paper, actor=actor)
    answer = ConsentRecord.newest(case.pk)
    referral = Referral(
        case=case,
        division_id=case.division_id,
        tier=case.tier,
        state="draft",
        consent=answer.outcome if answer and answer.outcome in SENDABLE else "",
        from_desk=school,
        asked_by=school,
        to_desk=county,
        opened_by_id=actor.person,
        opened_at=at,
    )
    for desk, origin in ((school, Origin.OWNER), (county, Origin.TRIAGE)):
        grant(referral, to=desk, origin=origin, expires_at=at + OWNER_DAYS, by=actor)
    with only_one("summary", _("A referral of this case is already under way.")):
        move(referral, "submit_referral", actor=actor, desk_id=school.pk)
    seal_packet(
        referral=referral,
        purpose=Purpose.REQUEST,
        words=words,
        author_id=actor.person,
        from_desk=school,
        to_desk=county,
        at=at,
        expires_at=at + OWNER_DAYS,
        first=True,
    ).save(force_insert=True)
    tell(referral, "referral_submitted", [county.pk])
    return Outcome(referral, stream=case.pk, facts={"referral": referral.pk, "to_desk": county.pk})
