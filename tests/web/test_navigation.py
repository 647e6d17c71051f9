"""The menu: every link once in each frame, in the row or behind the fold; the fold never hides a single one."""

from __future__ import annotations

import pytest
from django.utils import translation

from wellbeing.access.permissions import P
from wellbeing.web.navigation import ASKED, FRAMES, menu


def may(*rights: P) -> dict[P, bool]:
    return {one: not rights or one in rights for one in ASKED}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_frame_shows_every_link_once(language: str) -> None:
    with translation.override(language):
        for rights in ((), (P.CASE_LIST,), (P.CASE_LIST, P.ROTA_SEE, P.AUDIT_SEE), tuple(sorted(ASKED)[:9])):
            found = menu(may(*rights), "case")
            for frame in FRAMES:
                off = f"not-{frame}"
                row = [one for one in found.links if off not in one.row_not.split()]
                fold = [one for one in found.links if off not in one.fold_not.split()]
                assert [*row, *fold] == list(found.links)
                assert (off in found.fold_not.split()) == (not fold), "an empty fold does not stand there"
                assert len(fold) != 1


def test_the_page_one_is_on_is_marked() -> None:
    assert [one.here for one in menu(may(P.CASE_LIST), "file").links] == [True]
