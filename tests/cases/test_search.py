"""A search goes through what the walls show, a thousand cases at a time, and stops once enough are found."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from cases import actions, name_access
from cases.access import Purpose, reveal, reveal_covers
from cases.models import Case, Person, Section
from cases.queues import held, worklist
from cases.search import _reference, find, named
from tests.cases.records_stage import checked
from tests.cases.school_stage import report
from tests.cases.transfer_stage import ask
from tests.stage import GREEN, RED, YELLOW, actor, call, covered, managed, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import grant
from wellbeing.access.models import Hold, Origin
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.errors import Invalid
from wellbeing.people.models import User
from wellbeing.vault.models import DataKeyRow
from wellbeing.workdays import now


def test_its_functions_answer_what_the_walls_do_and_no_more(db: None) -> None:
    """For each of the cast: the same covers, persons and keys, whichever way they are asked for."""
    seen_only = report("小礁")
    everything = [seen_only, report("小帆", number="S7"), managed(), call(GREEN), call(GREEN, by="gao")]
    with identity(actor("chen")):
        until = now() + timedelta(days=365)
        grant(
            seen_only,
            to=User.objects.get(username="wu"),
            origin=Origin.GIVEN,
            expires_at=until,
            by=actor("chen"),
            holds=(Hold.SEE,),
        )
    covered(to="zhou")
    pks, found = [case.pk for case in everything], {}
    for who in (*map(actor, ("lin", "gao", "chen", "wu", "zhou", "ye", "fang", "shen")), Actor.machine("ticker")):
        with identity(who), connection.cursor() as cursor:

            def of(function: str, who: Actor = who, cursor: Any = cursor) -> set[tuple[Any, int]]:
                cursor.execute(f"SELECT id, key_id FROM {function}(%s, %s)", [pks, list(who.desks)])
                return set(cursor.fetchall())

            def by_walls(model: Any, kind: str) -> set[tuple[Any, int]]:
                rows = set(model.objects.values_list("pk", flat=True))
                owned = DataKeyRow.objects.filter(owner_kind=kind, owner_id__in=rows)
                return set(owned.values_list("owner_id", "pk"))

            found[who.name] = (len(of("app_sealed_covers")), len(of("app_sealed_persons")))
            assert of("app_sealed_covers") == by_walls(Case, "case"), who.name
            assert of("app_sealed_persons") == by_walls(Person, "person"), who.name
            assert held(who, before=None, limit=25) == [case.pk for case in worklist(who)]
    counted = sorted(found.values())
    assert (1, 0) in counted and counted[0] == (0, 0) and counted[-1] >= (3, 3), found


def test_a_cover_alone_is_found_by_its_reference_and_by_no_name(db: None) -> None:
    """A county that is asked to take a file, or whoever was given the cover, is told no name: neither by a list, nor
    by what a name or a number finds, nor by a hint."""
    case, ye, zhou = managed(), actor("ye"), actor("zhou")
    ask(case)
    with identity(zhou):
        name, words = RED["name"], reveal(zhou, case, [Section.IDENTITY], Purpose.TRIAGE).entries[0].words
        assert reveal_covers(zhou, [case]) == {case.pk: name}
        assert named(zhou, name) == [case] and find(zhou, name) == [(case, name)]
    with identity(ye):
        assert [one.pk for one in worklist(ye)] == [case.pk] and reveal_covers(ye, [case]) == {}
        assert find(ye, case.reference) == [(case, "")]
        assert find(ye, name) == [] == named(ye, name) and words["contact"] and find(ye, words["contact"]) == []
    with identity(Actor.machine("test")):
        told = [json.loads(bytes(one.body)) for one in Event.objects.filter(act=Tag.READ_COVERS, actor_id=ye.id)]
    assert told == [], "nothing was opened to her"


def test_it_goes_on_behind_a_page_and_ends_where_enough_are_found(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_access, "TOGETHER", 2)
    cases = [report(f"小{letter}", number=f"S-{place}") for place, letter in enumerate("山海云帆舟")]
    chen = actor("chen")
    with identity(chen):
        assert [case.pk for case, _name in find(chen, "小山")] == [cases[0].pk]  # on the last page
        assert [case.pk for case, _name in find(chen, "s0")] == [cases[0].pk]
        assert [case.pk for case, _name in find(chen, "小", limit=2)] == [cases[4].pk, cases[3].pk]
        monkeypatch.setattr(name_access, "SCOPE", 4)
        assert find(chen, "小山") == []  # beyond what one search goes through
    with identity(Actor.machine("test")):
        bodies = [json.loads(bytes(event.body)) for event in Event.objects.filter(act=Tag.SEARCHED).order_by("id")]
    assert [body["facts"]["opened"] for body in bodies] == [5, 5, 2, 4]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((one, "ZS-7F3A-K2C9") for one in ("zs-7f3a-k2c9", "zs7f3ak2c9", "7f3a-k2c9", "7f3a k2c9", "7f3ak2c9")),
        ("zs-chen-zhen", "ZS-CHEN-ZHEN"),
        *((one, "") for one in ("chenzhen", "7f3a-k2c", "7f3a-k2c0", "小山", "13800000000", "")),
    ],
)
def test_a_reference_is_one_however_it_is_typed_and_a_name_is_none(typed: str, meant: str) -> None:
    assert _reference(typed) == meant


def test_a_case_is_found_by_its_reference_as_it_is_read_out(db: None) -> None:
    case, chen, other = report("小山"), actor("chen"), call()
    with identity(chen):
        for typed in (case.reference, case.reference.lower(), case.reference.replace("-", " ")):
            assert [found.pk for found, _name in find(chen, typed)] == [case.pk], typed
        assert find(chen, other.reference) == [], "of another desk"


def test_one_search_too_many_says_so_and_the_next_minute_goes_on(db: None, wait: Any, settings: Any) -> None:
    """On its own page, where students of a group are looked for, and for the file that a request is about."""
    settings.LOOKS_PER_MINUTE = 2
    case, chen, row = report("小山", number="S-1"), signed_in("chen"), checked()
    search = lambda: chen.post(reverse("search"), {"words": "小山"})  # noqa: E731
    assert case.reference in search().content.decode() and case.reference in search().content.decode()
    page = search()
    said = page.content.decode()
    assert page.status_code == 422 and "查找过于频繁" in said and 'value="小山"' in said and case.reference not in said
    group = chen.post(reverse("log_group"), {"look": "1", "find": "小山", "theme": "今天练习呼吸"})
    assert group.status_code == 422 and "查找过于频繁" in (said := group.content.decode()) and "今天练习呼吸" in said
    assert chen.get(reverse("merge_concern", args=[case.reference])).status_code == 200  # its reference can be typed
    words = {"actor": actor("zhou"), "reference": row.reference, "words": "ZS-2222-2222"}
    for _twice in range(2):
        assert actions.take_up_record(**words) is None
    with pytest.raises(Invalid, match="words"):
        actions.take_up_record(**words)
    wait(seconds=61)
    assert case.reference in search().content.decode() and actions.take_up_record(**words) is None


def test_search_finds_by_sound_number_and_reference_and_keeps_no_word(db: None) -> None:
    case = report("曾小雨", number="S-77", grade="八年级")
    chen = actor("chen")
    for typed in ("小雨", "zxy", "zengxy", "cengxiaoyu", "ZENG XIAO YU", "xiaoyu", "s77", case.reference.lower()):
        with identity(chen):
            assert [found.pk for found, _name in find(chen, typed)] == [case.pk], typed
    for typed in ("xyz", "曾大雨", "9999999", "ZS-2222-2222"):
        with identity(chen):
            assert find(chen, typed) == [], typed
    with identity(actor("wu")):
        assert find(actor("wu"), "zxy") == []
    with identity(Actor.machine("test")):
        searches = [json.loads(bytes(event.body)) for event in Event.objects.filter(act=Tag.SEARCHED)]
        bodies = b"".join(bytes(event.body) for event in Event.objects.all())
    assert sorted(search["facts"]["hits"] for search in searches) == [0] * 5 + [1] * 8
    assert b"zxy" not in bodies and "小雨".encode() not in bodies and b"\\u5c0f" not in bodies
    client = signed_in("chen")
    assert case.reference not in client.get(reverse("search") + "?words=zxy").content.decode()
    assert case.reference in client.post(reverse("search"), {"words": "zxy"}).content.decode()
    other = managed({**YELLOW, "contact": "0580-7654321", "guardian_contact": "13800000007"})
    for typed in ("7654321", "138 0000 0007", "+86 580 7654321"):
        with identity(chen):
            assert [found.pk for found, _name in find(chen, typed)] == [other.pk], typed
