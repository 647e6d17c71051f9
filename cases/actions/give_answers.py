"""Take the answers that a student gave with her one-time code: imported at once, like one line of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.actions._screening import take
from cases.campaign_access import TRIES_WITHIN, student_of, student_words
from cases.flow import BATCH
from cases.instruments import PAPERS, AnswerError
from cases.models import AnswerTry, CampaignStudent, ScreeningBatch
from cases.screening_access import schools_of
from cases.screening_file import Row
from cases.students import identify
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import IMPORT
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.vault.blind_index import index
from wellbeing.workdays import now


@action(P.SCREENING_ANSWER)
def give_answers(*, actor: Actor, code: str, answers: Mapping[str, Mapping[str, Any]]) -> Outcome[CampaignStudent]:
    """Keep the answers by instrument and item, and end the code. What is not answered stays missing.

    Whoever is flagged is warned about in this transaction, and her school's counsellor is told. Raises Invalid for a
    code that does not open, or an answer that the instrument does not have.
    """
    one = student_of(code, lock=True)
    if one is None:
        raise Invalid("code", _("This code does not open anything, or has been used."))
    batch = ScreeningBatch.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=one.batch_id)
    batch.state, at = BATCH.next(batch.state, "give_answers"), now()
    words = student_words(one)
    row = Row(
        0, words["number"], _checked(one, answers), words["name"], words["grade"], words["class"],
        day=at.date().isoformat(),
    )  # fmt: skip
    desk = next(desk for desk in schools_of(IMPORT) if desk.organisation_id == batch.school_id)
    with identity(IMPORT):
        taken = take(IMPORT, batch, identify([row], {"": desk}), at)
    one.answered_at = at
    one.save(update_fields=["answered_at"])
    batch.rows += 1
    batch.taken += 1
    batch.incomplete += taken.incomplete
    batch.warnings += taken.warnings
    batch.save(update_fields=["state", "rows", "taken", "incomplete", "warnings"])
    if taken.flagged:
        post(kind="screening_flag", desk_id=desk.pk, target="interviews", dedupe_key=f"answered:{one.pk}")
    return Outcome(one, stream=batch.pk, facts={"warnings": taken.warnings, "incomplete": taken.incomplete})


def _checked(one: CampaignStudent, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The answers of the campaign's instruments, each item with its answer or none."""
    found = {}
    for code in one.campaign.codes.split(","):
        given = answers.get(code, {})
        try:
            PAPERS[code].read({item: value for item, value in given.items() if value is not None})
        except AnswerError as fault:
            raise Invalid(fault.item, _("The paper does not have this answer here.")) from None
        found[code] = {question.code: given.get(question.code) for question in PAPERS[code].questions}
    return found


@action(P.SCREENING_ANSWER)
def note_try(*, actor: Actor, address: str) -> Outcome[None]:
    """Count a code that did not open, by the keyed hash of the address it came from."""
    at = now()
    AnswerTry.objects.filter(at__lt=at - TRIES_WITHIN).delete()
    AnswerTry(address=index("address", address), at=at).save(force_insert=True)
    return Outcome(None, stream=SYSTEM_STREAM, facts={})
