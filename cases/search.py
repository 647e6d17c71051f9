"""Find among one's own cases: by reference, by name (also its sound), by student number or telephone."""

import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cases.access import open_case, open_closed
from cases.models import Case
from cases.name_access import find_by_cover, find_by_identity, heard_of, persons_numbered, shown
from cases.screening_hashes import Hashes
from cases.spelling import fold, sounds_like
from wellbeing.access.actor import Actor
from wellbeing.access.pace import check_pace
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.ids import ALPHABET
from wellbeing.people.models import Organisation, OrganisationKind, Role
from wellbeing.vault.blind_index import phone, student_number

DIGITS = 6  # of a telephone number that are enough to look for it
LETTERS = 2  # of a name, below which a hint means nothing
NUMBERED = ("contact", "guardian_contact", "student_number")


def find(actor: Actor, words: str, limit: int = 25) -> list[tuple[Case, str]]:
    """The actor's cases that `words` mean; what she may not see is not found. Every search is recorded, never its
    words. Invalid for one too many within a minute."""
    wanted = _plain(words)
    if not wanted:
        return []
    check_pace(actor, Tag.SEARCHED, "words")
    if (reference := _reference(wanted)) and (case := _referred(actor, reference)):
        return shown(actor, [case.pk])
    if wanted.isascii() and any(letter.isdigit() for letter in wanted):
        marks = _marks(actor, wanted)
        return find_by_identity(actor, lambda said: _numbered(said, wanted), limit, persons_numbered(marks))
    typed = fold(wanted)
    return find_by_cover(actor, lambda said: sounds_like(fold(str(said.get("name", ""))), typed), limit)


def named(actor: Actor, name: str, *, besides: UUID | None = None) -> list[Case]:
    """Those of the actor's newest cases whose name is written like this one, the newest first: perhaps somebody else,
    for names are common. Of one letter alone nothing is said."""
    typed = fold(name)
    if len(typed) < LETTERS:
        return []
    return heard_of(actor, lambda said: fold(str(said.get("name", ""))) == typed, besides=besides)


def find_closed(actor: Actor, words: str) -> Case | None:
    """The closed case of this reference, for the desks that may open it again; nobody else learns that there is one."""
    reference = _reference(_plain(words))
    try:
        return open_closed(actor, reference) if reference else None
    except Forbidden:
        return None


def _reference(wanted: str) -> str:
    """A case's reference as it stands on a cover, however it was typed: read out, without its first letters, without
    its strokes; empty for what can be none."""
    typed = "".join(letter for letter in wanted.upper() if letter.isalnum())
    signs = typed.removeprefix("ZS")
    if len(signs) != 8 or not set(signs) <= set(ALPHABET) or (signs == typed and signs.isalpha()):
        return ""  # eight letters alone are the sound of a name
    return f"ZS-{signs[:4]}-{signs[4:]}"


def _referred(actor: Actor, reference: str) -> Case | None:
    try:
        return open_case(actor, reference)
    except Forbidden:
        return None


def _marks(actor: Actor, wanted: str) -> set[bytes]:
    """The indexes under which a student of this number may stand: of the actor's school, or of her county's schools."""
    schools = Organisation.objects.filter(kind=OrganisationKind.SCHOOL)
    if not {Role.CITY_DUTY, Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR} & actor.roles:
        own = {post.organisation_id for post in actor.posts if post.role == Role.SCHOOL_COUNSELLOR}
        counties = {post.division for post in actor.posts if post.role == Role.COUNTY_TRIAGE}
        schools = schools.filter(pk__in=own) | schools.filter(division__in=counties)
    hashes = Hashes()
    rows = schools.values_list("division_id", "code")
    return {mark for division, code in rows for mark in hashes.anywhere(wanted, division, [code])}


def _numbered(said: Mapping[str, Any], wanted: str) -> bool:
    """Whether a number of the person or of her home is the one that was typed, or holds its last digits."""
    digits = "".join(letter for letter in wanted if letter.isdigit())
    for code in NUMBERED:
        value = str(said.get(code) or "")
        if not value:
            continue
        if code == "student_number":
            if student_number(value) == student_number(wanted):
                return True
        elif len(digits) >= DIGITS and (digits in _digits(value) or _phone(value) == _phone(wanted)):
            return True
    return False


def _digits(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isdigit())


def _phone(text: str) -> str:
    try:
        return phone(text)
    except ValueError:
        return ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
