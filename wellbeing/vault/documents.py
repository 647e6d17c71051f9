"""Sealed documents: plain values as canonical JSON inside an envelope."""

import json
from typing import Any

from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal

# Made once: json.dumps makes one for every call that asks for anything.
_canonical = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def seal_json(key: DataKey, place: Place, value: Any) -> bytes:
    """Seal a value of dicts, lists, texts, numbers, booleans and None. TypeError for anything else."""
    try:
        text = _canonical(value).encode()
    except ValueError:  # a lone surrogate, NaN, a circle; the error itself would carry the words
        raise TypeError("a value that canonical JSON cannot say") from None
    return seal(key, text, place)


def open_json(key: DataKey, place: Place, envelope: bytes) -> Any:
    """Open what `seal_json` sealed. SealError when it does not open."""
    try:
        return json.loads(unseal(key, envelope, place))
    except ValueError:
        raise SealError from None
