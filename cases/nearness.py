"""Whether somebody opens her own file, or a colleague's: a code for the audit, never a word of the file."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wellbeing.access.actor import Actor
from wellbeing.people.desks import colleagues
from wellbeing.people.models import Desk


class Near(StrEnum):
    OWN = "own"
    COLLEAGUE = "colleague"


def nearness(actor: Actor, words: Mapping[str, Any], *, staff: bool) -> dict[str, Near]:
    """The fact for the reading of an identity, by name alone: namesakes are possible, so it is a hint and no proof.
    Colleagues are looked at where the file is a teacher's (`staff`): a student is nobody's colleague."""
    name = _folded(str(words.get("name", "")))
    if not name:
        return {}
    if name == _folded(actor.name):
        return {"near": Near.OWN}
    if staff and actor.id is not None:
        places = Desk.objects.filter(organisation_id__in={post.organisation_id for post in actor.posts})
        found = colleagues(places.values_list("pk", flat=True), but=actor.id)
        if name in {_folded(str(user)) for user in found}:
            return {"near": Near.COLLEAGUE}
    return {}


def _folded(name: str) -> str:
    """A name without what stands in brackets behind it."""
    return re.sub(r"[(（].*", "", unicodedata.normalize("NFKC", name)).strip().casefold()
