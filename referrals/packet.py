"""What a receiver may see: the fields each purpose may carry, and the sealing of packets under keys of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.access import Purpose as ReadingPurpose
from cases.access import reveal
from cases.models import Case, Section
from referrals.models import Packet, Purpose, Referral
from wellbeing.access.actor import Actor
from wellbeing.ids import uuid7
from wellbeing.people.models import Desk
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


@dataclass(frozen=True, slots=True)
class PacketField:
    """One field that a purpose may carry; `copied` ones come from the case, the others are written by the sender."""

    code: str
    label: str
    copied: bool = False


# The only fields that may go, by purpose (DOMAIN.md, Papers: no more than the receiver needs). The school's plan
# carries the hospital's advice, never its conclusion (PRACTICE.md 4.3).
TEMPLATES: dict[str, tuple[PacketField, ...]] = {
    Purpose.REQUEST: (
        PacketField("summary", _("What was noticed, in three lines")),
        PacketField("measures", _("What was done so far")),
        PacketField("review", _("Who met at school to judge it, and what they found")),
        PacketField("question", _("What we ask of you")),
    ),
    Purpose.QUESTION: (PacketField("note", _("To the school")),),
    Purpose.HOSPITAL: (
        PacketField("name", _("Name or what to call her or him"), copied=True),
        PacketField("gender", _("Gender"), copied=True),
        PacketField("age", _("Age"), copied=True),
        PacketField("stage", _("Stage"), copied=True),
        PacketField("contact", _("How to reach her or him"), copied=True),
        PacketField("guardian_name", _("Guardian"), copied=True),
        PacketField("guardian_contact", _("How to reach the guardian"), copied=True),
        PacketField("tier", _("Tier"), copied=True),
        PacketField("summary", _("What was noticed, in three lines")),
        PacketField("measures", _("What was done so far")),
        PacketField("question", _("What we ask of you")),
    ),
    Purpose.CROSSING: (
        PacketField("escorts", _("Who goes with her or him")),
        PacketField("contact", _("How to reach them on the way")),
        PacketField("note", _("What to watch for")),
    ),
    Purpose.FEEDBACK: (
        PacketField("seen", _("Seen")),
        PacketField("risk", _("Risk as seen by the hospital")),
        PacketField("conclusion", _("Conclusion of the hospital")),
        PacketField("advice", _("Advice for the school")),
        PacketField("next_visit", _("Next visit")),
    ),
    Purpose.RETURN_PLAN: (
        PacketField("name", _("Name or what to call her or him")),
        PacketField("advice", _("Advice for the school")),
        PacketField("mentor", _("Duty mentor")),
        PacketField("load", _("Reduced load")),
        PacketField("seat", _("Seat and company")),
        PacketField("medication", _("Medication, given by whom")),
        PacketField("signs", _("Warning signs")),
        PacketField("contacts", _("Whom to call")),
    ),
}


# What the county may ask a school for, by name: a field of the letter or of the request, or the guardian's answer.
ASKABLE: dict[str, str] = {
    **{f.code: f.label for p in (Purpose.HOSPITAL, Purpose.REQUEST) for f in TEMPLATES[p] if f.code != "tier"},
    "consent": _("Guardian's consent"),
}


def copied_fields(actor: Actor, case: Case, purpose: Purpose) -> dict[str, Any]:
    """What the template copies from the case; opens the file as the actor and records the reading. Raises Forbidden."""
    opened = reveal(actor, case, {Section.IDENTITY, Section.GUARDIAN}, ReadingPurpose.REFERRAL)
    found: dict[str, Any] = {"tier": case.tier}
    for entry in opened.entries:
        found.update(entry.words)
    wanted = [field.code for field in TEMPLATES[purpose] if field.copied]
    return {code: found[code] for code in wanted if code in found}


def seal_packet(
    *,
    referral: Referral,
    purpose: Purpose,
    words: Mapping[str, Any],
    author_id: int,
    from_desk: Desk | int,
    to_desk: Desk | int,
    at: datetime,
    expires_at: datetime,
) -> Packet:
    """An unsaved packet with exactly the template's fields of `words`, under a new key. KeyError for a foreign
    field."""
    codes = [field.code for field in TEMPLATES[purpose]]
    foreign = set(words) - set(codes)
    if foreign:
        raise KeyError(f"the template {purpose} does not carry {sorted(foreign)}")
    pk, to_id = uuid7(), _pk(to_desk)
    version = Packet.objects.filter(referral=referral, purpose=purpose, to_desk_id=to_id).count() + 1
    key = keys.new_key("packet", pk, referral.division_id)
    kept = {code: words[code] for code in codes if words.get(code) not in (None, "", [])}
    return Packet(
        id=pk,
        referral=referral,
        purpose=purpose,
        version=version,
        from_desk_id=_pk(from_desk),
        to_desk_id=to_id,
        author_id=author_id,
        created_at=at,
        expires_at=expires_at,
        sealed=seal_json(key, _place(pk, referral.division_id), kept),
    )


def open_packet(packet: Packet, division: str) -> dict[str, Any]:
    """The words of a packet; only referrals/access.py calls this, after its check."""
    by_id = keys.load_for([packet.sealed])
    value = open_json(by_id[keys.id_of(packet.sealed)], _place(packet.pk, division), bytes(packet.sealed))
    return value if isinstance(value, dict) else {}


def _place(pk: Any, division: str) -> Place:
    return Place(model="referrals.packet", pk=pk, field="sealed", division=division)


def _pk(desk: Desk | int) -> int:
    return desk if isinstance(desk, int) else desk.pk


def destroy_packets(referral: Referral, purpose: Purpose) -> int:
    """Destroy the keys of a referral's packets of one purpose: nobody can open them again. Returns how many."""
    packets = list(Packet.objects.filter(referral=referral, purpose=purpose))
    for packet in packets:
        keys.destroy("packet", packet.pk)
    return len(packets)
