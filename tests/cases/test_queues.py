"""The board: true counts, no red that is put off, and every case on one page of it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.urls import reverse

from cases.queues import Place, board
from tests.stage import RED, YELLOW, actor, call, managed, signed_in
from wellbeing.access.actor import identity


def pages(**more: Any) -> list[list[str]]:
    """The references of each page of Zhou's board, to its end."""
    found, after = [], None
    with identity(actor("zhou")):
        while True:
            page = board(actor("zhou"), after=after, **more)
            found.append([row.case.reference for row in page.rows])
            if page.after is None:
                return found
            after = Place.read(str(page.after))


def test_no_red_is_put_off_and_nothing_is_lost_between_pages(db: None, wait: Any) -> None:
    old = [call(YELLOW).reference for _n in range(5)]
    wait(days=4)  # overdue, and above everything that has time
    red, new = call(RED).reference, call(YELLOW).reference

    first, *later = pages(limit=2)
    assert red in first and len(first) == 3, "two of five that are overdue, and the red one besides"
    assert all(red not in page and 1 <= len(page) <= 2 for page in later)
    assert sorted(one for page in (first, *later) for one in page) == sorted([*old, red, new])
    assert later[-1][-1] == new, "within time after overdue"
    assert pages(limit=2, tier="red") == [[red]]
    assert sorted(one for page in pages(limit=4, tier="yellow") for one in page) == sorted([*old, new])

    with identity(actor("zhou")):
        whole, part = board(actor("zhou"), limit=50), board(actor("zhou"), limit=1)
    assert whole.counts == {"red": 1, "orange": 0, "yellow": 6, "blue": 0, "green": 0, "overdue": 5} and not whole.more
    assert part.more, "not all clocks were looked at, and it says so"

    zhou, mark = signed_in("zhou"), str(board_after(limit=2))
    shown = zhou.get(reverse("board"), {"after": mark}).content.decode()
    assert red not in shown and new in shown and "返回最紧急的" in shown
    assert f'hx-get="{reverse("board_rows")}?tier=&amp;after=' in shown, "what renews itself is this page of it"
    assert red in zhou.get(reverse("board"), {"after": "nonsense"}).content.decode()


def board_after(**more: Any) -> Place:
    with identity(actor("zhou")):
        after = board(actor("zhou"), **more).after
    assert after
    return after


def test_the_list_of_ones_cases_begins_with_what_is_due(db: None) -> None:
    """By its clock, not by its age; a school's desk has its own list."""
    first = managed()
    zhou = signed_in("zhou")
    later = [managed() for _two in range(2)]
    page = zhou.get(reverse("case_list"))
    due = page.context["due"]
    assert due, "an acknowledged red case has clocks that run out today"
    times = [one["clock"].due_at for one in due]
    assert times == sorted(times) and len({one["case"].pk for one in due}) == len(due) <= 8
    assert (
        due[0]["case"].reference == first.reference and page.context["rows"][0]["case"].reference == later[-1].reference
    )
    head = page.content.decode().split("全部个案")[0]
    assert first.reference in head and "已逾期或今天到期" in head
    assert zhou.get(reverse("case_list"), {"before": str(first.pk)}).context["due"] == []


def test_without_scripts_the_board_asks_for_the_next_one_by_itself(db: None) -> None:
    """Where no script runs nothing renews itself: a red warning would come up at the next click alone."""
    zhou = signed_in("zhou")
    page = zhou.get(reverse("board"), {"tier": "red"}).content.decode()
    found = re.search(r'<noscript><meta http-equiv="refresh" content="10;url=([^"]+)"></noscript>', page)
    assert found and found[1].startswith(reverse("board_rows"))
    case = call()
    whole = zhou.get(unescape(found[1])).content.decode()
    assert case.reference in whole and "<title>" in whole and found[0] in whole, "and the page after it too"
    assert "<title>" not in zhou.get(reverse("board_rows"), HTTP_HX_REQUEST="true").content.decode()
