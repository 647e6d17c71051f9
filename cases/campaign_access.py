"""The door to campaigns: which an actor sees, the roll with its codes, whom a code belongs to, and who waits for an
interview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from cases.models import (
    AnswerTry,
    Campaign,
    CampaignStudent,
    Consenting,
    PolicyVersion,
    ScreeningBatch,
)
from cases.screening_access import open_batch, schools_of
from cases.terms import GRADES, grade_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may, through
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.people.models import Organisation
from wellbeing.vault import keys
from wellbeing.vault.blind_index import index
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import DataKey, Place
from wellbeing.workdays import now

TRIES_WITHIN = timedelta(minutes=10)


def campaigns_of(actor: Actor) -> list[Campaign]:
    """The campaigns in which one of the actor's schools takes part, or that her desk made, the newest first."""
    schools = {str(desk.organisation_id) for desk in schools_of(actor)}
    rows = Campaign.objects.order_by("-first", "-made_at")
    return [one for one in rows if schools & set(one.schools) or one.desk_id in actor.desks]


def open_campaign(actor: Actor, pk: UUID) -> Campaign:
    """One of them. Forbidden when missing or not hers."""
    found = next((campaign for campaign in campaigns_of(actor) if campaign.pk == pk), None)
    if found is None or not may(actor, P.SCREENING_UPLOAD):
        raise Forbidden
    return found


def school_batches(campaign: Campaign) -> list[ScreeningBatch]:
    """The batches in which the answers of a campaign come together, those that the asker sees, by school."""
    rows = campaign.batches.filter(digest=collecting(campaign)).select_related("school")
    return list(rows.order_by("school__code"))


def schools_in(campaign: Campaign) -> list[Organisation]:
    """The schools of a campaign; a county sees them without their rolls."""
    return list(Organisation.objects.filter(pk__in=campaign.schools).order_by("code"))


def collecting(campaign: Campaign) -> str:
    """What stands for a file's digest in a batch that collects."""
    return f"campaign:{campaign.pk}"


def seal_student(student: CampaignStudent, batch: ScreeningBatch, words: Mapping[str, Any], key: DataKey) -> None:
    """Put who she is and her code into an unsaved line of the roll."""
    student.sealed = seal_json(key, _place(student, batch), words)


def batch_key(batch: ScreeningBatch) -> DataKey:
    """The key of a batch that waits or collects; SealError once it has ended."""
    return keys.load_key("batch", batch.pk)


def reveal_roll(actor: Actor, batch: ScreeningBatch) -> list[tuple[CampaignStudent, dict[str, Any]]]:
    """The roll of one school with the codes, by class and number; recorded as a reading."""
    if not may(actor, P.SCREENING_UPLOAD) or batch.state != "collecting":
        raise Forbidden
    students = list(batch.students.all())
    by_id = keys.load_for([one.sealed for one in students])
    opened = ((one, by_id[keys.id_of(one.sealed)]) for one in students)
    rows = [(one, open_json(key, _place(one, batch), bytes(one.sealed))) for one, key in opened]
    by = through(actor, P.SCREENING_UPLOAD, batch)
    record(stream=batch.pk, act=Tag.READ_SCREENING, actor=by, facts={"students": len(rows)})
    return sorted(rows, key=lambda row: _in_school(row[1]))


def _in_school(words: dict[str, Any]) -> tuple[Any, ...]:
    """Where a student stands in the roll: the seventh grade before the eighth, class 2 before class 10."""
    digits = "".join(sign for sign in words["class"] if sign.isdecimal())[:4]
    grade = grade_of(words["grade"]) or GRADES + 1
    return grade, words["grade"], int(digits or 0), words["class"], words["number"]


def student_of(code: str, *, lock: bool = False) -> CampaignStudent | None:
    """Whose code this is, if it opens now: not used, not opted out, consented where a yes is asked for, in the days of
    its campaign. For the machine that takes answers."""
    rows = CampaignStudent.objects.select_related("campaign", "batch")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    one = rows.filter(code_index=index("answer_code", code), answered_at=None, opted_out_at=None).first()
    today = now().date()
    if one is None or one.batch.state != "collecting" or not one.campaign.first <= today <= one.campaign.last:
        return None
    if one.campaign.consent == Consenting.SIGNED and one.consented_at is None:
        return None
    return one


def just_answered(code: str) -> CampaignStudent | None:
    """Whose answers came in with this code within the last minutes: a second tap, or a line that was slow to say so.
    For the machine that takes answers."""
    rows = CampaignStudent.objects.select_related("campaign")
    return rows.filter(code_index=index("answer_code", code), answered_at__gt=now() - TRIES_WITHIN).first()


def takes_part_of(actor: Actor, student: UUID) -> bool | None:
    """What is recorded of a student on a roll: takes part, opted out, or nothing yet.
    Forbidden for a roll of others."""
    one = CampaignStudent.objects.filter(pk=student).first()
    if one is None:
        raise Forbidden
    open_batch(actor, one.batch_id)
    return False if one.opted_out_at else True if one.consented_at else None


def student_words(student: CampaignStudent) -> dict[str, Any]:
    """Who answers, for the machine that takes the answers."""
    key = keys.key_of(student.sealed)
    words: dict[str, Any] = open_json(key, _place(student, student.batch), bytes(student.sealed))
    return words


def may_try(address: str) -> bool:
    """Whether an address may try another code: policy says how many wrong ones it has in ten minutes."""
    tries = AnswerTry.objects.filter(address=index("address", address), at__gt=now() - TRIES_WITHIN).count()
    return tries < PolicyVersion.current().policy().answer_tries


def _place(student: CampaignStudent, batch: ScreeningBatch) -> Place:
    return Place(model="cases.campaignstudent", pk=student.pk, field="sealed", division=batch.division_id)
