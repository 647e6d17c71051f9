"""Sealed documents: the same value gives the same bytes, and errors carry no words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import DataKey, Place, SealError, seal, unseal

KEY = DataKey(7, bytes(range(32)))
PLACE = Place("cases.entry", UUID(int=7), "sealed", "330902")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_sealed_opens(value: Any) -> None:
    assert open_json(KEY, PLACE, seal_json(KEY, PLACE, value)) == value


def test_the_order_of_writing_is_not_kept() -> None:
    one, two = seal_json(KEY, PLACE, {"名": 1, "a": [None]}), seal_json(KEY, PLACE, {"a": [None], "名": 1})
    assert unseal(KEY, one, PLACE) == unseal(KEY, two, PLACE) == '{"a":[null],"名":1}'.encode()


@pytest.mark.parametrize("value", [{"a": object()}, {"a": b"bytes"}, {"a": float("nan")}, {"name": "灯塔\ud800"}])
def test_what_json_cannot_say_is_refused_without_its_words(value: Any) -> None:
    with pytest.raises(TypeError) as caught:
        seal_json(KEY, PLACE, value)
    assert "灯塔" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", "灯塔".encode()])
def test_what_is_no_document_is_a_seal_error(text: bytes) -> None:
    with pytest.raises(SealError) as caught:
        open_json(KEY, PLACE, seal(KEY, text, PLACE))
    assert caught.value.args == ()
