"""Bring a screening file, see what it would do, confirm it: over HTTP, as the counsellor and the county do."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.actions import confirm_screening, drop_screening
from cases.instruments import PAPERS
from cases.models import Case, ScreeningBatch, ScreeningPart
from cases.screening_access import batches_of
from cases.tick import drop_forgotten, import_waiting, remind_of_files
from tests.stage import TODAY, actor, desk, policy, signed_in, staged
from tests.wellbeing.workbook import table, xlsx
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Organisation, Role
from wellbeing.vault.models import DataKeyRow

HEAD = ["学号", "姓名", "年级", "测评日期", *(f"q{n}" for n in range(1, 10))]
ROWS = [
    ["X001", "小禾", "八年级", "2026-10-20", *[0] * 9],
    ["X002", "小满", "八年级", "2026-10-20", *[0] * 8, 1],
    ["X003", "小雪", "八年级", "2026-10-20", *[2] * 9],
]
MACHINE = Actor.machine("test")


def csv_of(rows: Any) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in rows).encode("gb18030")


def send(client: Client, data: bytes, name: str = "普测.csv", **more: Any) -> Any:
    school = Organisation.objects.get(code=more.pop("school", "xinghe"))
    given = {"school": str(school.pk), "codes": ["phq9"], "day": TODAY.isoformat(), "mapping": "", **more}
    return client.post(reverse("screenings"), {**given, "key": "0192f0aa-0000-7000-8000-000000000001",
                                               "file": SimpleUploadedFile(name, data)})  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_from_the_file_to_the_cases(db: None, kind: str) -> None:
    chen = signed_in("chen")
    title = [["星河学校 2026 年秋季心理普测", *[""] * 12]]  # as over merged cells
    data = csv_of([HEAD, *ROWS]) if kind == "csv" else xlsx(table([*title, HEAD, *ROWS]))
    answer = send(chen, data, f"普测.{kind}")
    assert answer.status_code == 302
    page = chen.get(answer["Location"]).content.decode()
    assert "小满" in page and "phq9=q1-q9" in page
    numbers = re.findall(r"<dd><b>(\d+)</b></dd>", page)
    assert numbers == ["3", "0", "3", "0", "2"]  # students, known, new, incomplete, flagged
    with identity(MACHINE):
        assert Case.objects.count() == 0
        batch = ScreeningBatch.objects.get()
    assert chen.post(reverse("confirm_screening", args=[batch.pk])).status_code == 302
    assert "<progress" in chen.get(answer["Location"]).content.decode()
    assert import_waiting(10) == 1
    progress = chen.get(reverse("screening_progress", args=[batch.pk]))
    assert progress["HX-Refresh"] == "true"
    with identity(MACHINE):
        assert sorted(Case.objects.values_list("tier", flat=True)) == ["orange", "yellow"]
        assert (ScreeningPart.objects.count(), DataKeyRow.objects.filter(owner_kind="batch").count()) == (0, 0)
    again = send(chen, data, f"普测.{kind}")
    assert again["Location"] == answer["Location"]
    assert import_waiting(10) == 0


def test_every_bad_row_is_named_and_nothing_is_kept(db: None) -> None:
    chen = signed_in("chen")
    bad = [["X004", "小暑", "八年级", "2026-13-40", *[0] * 8, 7], ["X001", "小禾", "八年级", "", "x", *[0] * 8]]
    head = [*HEAD[:-1], "q9"]
    answer = send(chen, csv_of([head, *ROWS, *bad]))
    assert answer.status_code == 422
    page = answer.content.decode()
    for place, column in ((5, "测评日期"), (5, "q9"), (6, "q1"), (6, "")):
        assert re.search(rf'class="number">{place}</td><td[^>]*>{column}</td>', page), (place, column)
    report = base64.b64decode(re.search(r"base64,([^\"]+)\"", page)[1]).decode("utf-8-sig")  # type: ignore[index]
    assert len(report.splitlines()) == 7 and actor("chen").name in report
    with identity(MACHINE):
        assert (ScreeningBatch.objects.count(), ScreeningPart.objects.count()) == (0, 0)


def test_a_formula_in_a_header_does_not_run_from_the_report(db: None) -> None:
    head = [*HEAD[:-2], "+q8", "+q9"]
    rows = [["X001", "小禾", "八年级", "2026-10-20", *[0] * 8, "no"]]
    answer = send(signed_in("chen"), csv_of([head, *rows]), mapping="gad7=q1-q7", codes=["gad7"])
    assert answer.status_code == 302  # what is no item is no matter
    answer = send(
        signed_in("chen"),
        csv_of([["学号", *(f"+q{n}" for n in range(1, 10))], ["X1", *[0] * 8, "no"]]),
        mapping="phq9=+q1-+q9",
    )
    report = base64.b64decode(re.search(r"base64,([^\"]+)\"", answer.content.decode())[1]).decode("utf-8-sig")  # type: ignore[index]
    assert ",'+q9," in report


def picked(page: str) -> dict[str, str]:
    """What the selects of the columns show, and the key of their form."""
    found = {
        name: (re.findall(r'<option value="(\d*)" selected', options) or [""])[0]
        for name, options in re.findall(r'<select name="(\w+)"(.*?)</select>', page, re.S)
    }
    return found | {"key": re.findall(r'name="key" value="([\w-]+)"', page)[-1]}


def test_columns_are_found_remembered_and_asked_for(db: None) -> None:
    chen = signed_in("chen")
    odd = ["学号", *(f"a{n}" for n in range(1, 10)), *(f"b{n}" for n in range(1, 10))]
    rows = [["X001", *[0] * 18]]
    asked = send(chen, csv_of([odd, *rows]))
    assert picked(chen.get(asked["Location"]).content.decode())["phq9_interest"] == ""
    with identity(MACHINE):
        assert ScreeningBatch.objects.get().state == "unmapped"
    first = send(chen, csv_of([odd, *rows]), mapping="phq9=b1-b9")
    batch = first["Location"].rstrip("/").rsplit("/", 1)[1]
    chen.post(reverse("confirm_screening", args=[batch]))
    second = send(chen, csv_of([odd, *rows, ["X002", *[0] * 18]]))
    assert second.status_code == 302
    with identity(MACHINE):
        assert set(ScreeningBatch.objects.exclude(state="unmapped").values_list("instruments", flat=True)) == {
            "phq9=b1-b9"
        }


def test_columns_named_by_their_questions_are_suggested_picked_and_remembered(db: None) -> None:
    chen, texts = signed_in("chen"), [q.text for q in PAPERS["phq9"].questions]
    often = [text.zh for _value, text in PAPERS["phq9"].questions[0].choices]
    head = [
        "序号",
        "1、您的学号",
        "2、姓名",
        *(f"{n}、{text.zh}" for n, text in enumerate(texts[:8], start=3)),
        "11、最后一题",
    ]
    rows = [["1", "X001", "小禾", *[often[0]] * 9], ["2", "X002", "小满", *[often[0]] * 8, often[1]]]
    title = ["星河学校心理普测", *[""] * 11]
    answer = send(chen, csv_of([title, head, *rows]), "问卷.csv")
    page = chen.get(answer["Location"]).content.decode()
    given = picked(page)
    assert given["number"] == "1" and given["phq9_interest"] == "3" and given["phq9_better_off_dead"] == ""
    columns = answer["Location"] + "columns/"
    assert chen.post(columns, given).status_code == 422  # one item has no column
    assert chen.post(columns, given | {"phq9_better_off_dead": "3"}).status_code == 422  # two items in one
    bad = chen.post(columns, given | {"phq9_better_off_dead": "0"})  # the line's number is no answer: 1, 2
    assert bad.status_code == 302 or "faults.csv" in bad.content.decode()
    answer = send(chen, csv_of([title, head, *rows, ["3", "X003", "小雪", *[often[0]] * 9]]), "问卷.csv")
    page = chen.get(answer["Location"]).content.decode()
    assert chen.post(answer["Location"] + "columns/", picked(page) | {"phq9_better_off_dead": "11"}).status_code == 302
    page = chen.get(answer["Location"]).content.decode()
    assert "小满" in page and "number=#2,name=#3,phq9=#4-#12" in page
    assert chen.post(answer["Location"] + "confirm/").status_code == 302
    assert import_waiting(10) == 1
    with identity(MACHINE):
        assert [case.tier for case in Case.objects.all()] == ["yellow"]
    moved = [[row[0], *reversed(row[1:])] for row in (head, *rows, ["4", "X004", "小暑", *[often[0]] * 9])]
    answer = send(chen, csv_of(moved), "下学期.csv")  # the same columns elsewhere
    assert "name=#11" in chen.get(answer["Location"]).content.decode()
    with identity(MACHINE):
        newest = batches_of(actor("chen"))[0]  # all were brought in one instant: time stands still in a test
        assert (str(newest.pk) in answer["Location"], newest.state) == (True, "staged")


def test_a_school_is_its_own_and_a_county_brings_all_of_its_schools(db: None) -> None:
    wu_school = actor("wu").posts[0].organisation_id
    answer = send(signed_in("chen"), csv_of([HEAD, *ROWS]), school=Organisation.objects.get(pk=wu_school).code)
    assert answer.status_code == 422
    named = [["学校", *HEAD], ["xinghe", *ROWS[0]], ["nowhere", *ROWS[1]]]
    zhou = signed_in("zhou")
    answer = zhou.post(
        reverse("screenings"),
        {"school": "every", "codes": ["phq9"], "day": TODAY.isoformat(), "key": "0192f0aa-0000-7000-8000-000000000001",
         "file": SimpleUploadedFile("a.csv", csv_of(named))},
    )  # fmt: skip
    assert answer.status_code == 422
    assert re.search(r'class="number">3</td><td[^>]*>学校</td>', answer.content.decode())


def test_what_nobody_confirms_is_destroyed(db: None, wait: Any) -> None:
    chen = signed_in("chen")
    answer = send(chen, csv_of([HEAD, *ROWS]))
    policy(screening_wait_hours=24)

    def told(kind: str) -> list[tuple[str, str]]:
        relay.sweep()
        with identity(actor("chen")):
            return [(one.kind, one.target) for one in unread(actor("chen")) if one.kind == kind]

    wait(hours=1, minutes=59)
    assert remind_of_files() == 0 and told("screening_waits") == []
    wait(minutes=1)
    assert remind_of_files() == 1 and remind_of_files() == 0, "she is reminded once, while it still waits"
    assert told("screening_waits") == [("screening_waits", "screenings")]
    wait(hours=21)
    assert drop_forgotten() == 0
    wait(hours=2)
    assert drop_forgotten() == 1
    assert told("screening_dropped") == [("screening_dropped", "screenings")], "and nothing is destroyed in silence"
    with identity(MACHINE):
        assert (ScreeningPart.objects.count(), DataKeyRow.objects.filter(owner_kind="batch").count()) == (0, 0)
    page = chen.get(answer["Location"]).content.decode()
    assert "小满" not in page
    assert send(chen, csv_of([HEAD, *ROWS])).status_code == 302  # it may be brought anew


def test_the_preview_is_the_uploaders_and_is_recorded(db: None) -> None:
    from wellbeing.audit.models import Event

    answer = send(signed_in("chen"), csv_of([HEAD, *ROWS]))
    for name in ("wu", "zhou", "lin", "shen"):
        assert signed_in(name).get(answer["Location"]).status_code == 404, name
    signed_in("chen").get(answer["Location"])
    with identity(MACHINE):
        assert Event.objects.filter(act="cases:screening:opened").count() == 1


def counted_from_one(first: str, rows: int, most: int) -> bytes:
    """A file of a platform that writes 1 for "not at all": everybody answers 1 but to the first question."""
    head = ["学号", *(f"q{n}" for n in range(1, 10))]
    return csv_of([head, *([f"{first}{n:03}", 1 + n % most, *[1] * 8] for n in range(rows))])


def test_a_file_that_counts_from_one_is_noticed_and_never_lowered_unasked(db: None) -> None:
    chen = signed_in("chen")
    answer = send(chen, data := counted_from_one("A", 12, 3))
    where, batch = answer["Location"], answer["Location"].rstrip("/").rsplit("/", 1)[1]
    page = chen.get(where).content.decode()
    assert reverse("recount_screening", args=[batch]) in page
    assert re.findall(r"<dd><b>(\d+)</b></dd>", page)[-1] == "12", "as it stands, item 9 says 1 of everybody"
    assert chen.post(reverse("recount_screening", args=[batch])).status_code == 302
    page = chen.get(where).content.decode()
    assert "phq9@1=q1-q9" in page and reverse("recount_screening", args=[batch]) not in page
    assert re.findall(r"<dd><b>(\d+)</b></dd>", page)[-1] == "0"
    chen.post(reverse("recount_screening", args=[batch]))  # twice takes nothing off twice
    assert re.findall(r"<dd><b>(\d+)</b></dd>", chen.get(where).content.decode())[-1] == "0"
    assert send(chen, data)["Location"] == where, "the same file, however it is counted"
    chen.post(reverse("confirm_screening", args=[batch]))
    import_waiting(10)
    with identity(MACHINE):
        assert Case.objects.count() == 0

    def read_as(data: bytes, **more: Any) -> str:
        answer = send(chen, data, **more)
        with identity(MACHINE):
            return str(ScreeningBatch.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1]).instruments)

    zeros = csv_of([["学号", *(f"q{n}" for n in range(1, 10))], ["B1", *[0] * 8, 3]])
    assert read_as(zeros) == "phq9=q1-q9"
    assert read_as(counted_from_one("C", 3, 2)) == "phq9=q1-q9", "too few to tell: read as it stands, the safe way"
    assert read_as(counted_from_one("D", 4, 4)) == "phq9@1=q1-q9", "a 4 tells, and the school's choice is remembered"
    wu = signed_in("wu")
    refused = send(wu, data := counted_from_one("E", 4, 4), school="bailang")
    assert refused.status_code == 422 and "从 1 开始" in refused.content.decode()
    assert send(wu, data, school="bailang", from_one="on").status_code == 302
    assert "0" in (wrong := send(wu, zeros, school="bailang", from_one="on").content.decode()) and "1 到 4" in wrong


def test_a_file_that_waits_is_hidden_by_no_number_of_others(db: None, wait: Any) -> None:
    waits = staged("S1,000000003").batch
    wait(minutes=1)
    for number in (2, 3):
        confirm_screening(actor=actor("chen"), batch_id=staged(f"S{number},000000000").batch.pk)
    assert import_waiting(10) == 2
    with identity(actor("chen")):
        found = batches_of(actor("chen"), limit=1)
    assert found[0].pk == waits.pk and len(found) == 2


@pytest.mark.parametrize("who", ["chen", "zhou"])
def test_one_person_drops_no_file_that_shows_danger_unseen(db: None, who: str) -> None:
    safe = staged("S1,000000000")
    grave = staged("S2,222222222", by=who)
    county, city = desk("dinghai-centre", Role.COUNTY_TRIAGE).pk, desk("city-centre", Role.CITY_DUTY).pk
    for one in (safe, grave):
        drop_screening(actor=actor("chen" if one is safe else who), batch_id=one.batch.pk)
    with identity(MACHINE):
        told = set(Notice.objects.filter(kind="screening_danger_gone").values_list("desk_id", "tier", "target"))
        assert ScreeningBatch.objects.filter(state="dropped").count() == 2
    assert told == {
        (one, "orange", "screenings") for one in ({county, city} if who == "zhou" else {county, grave.batch.desk_id})
    }


@pytest.mark.parametrize("who", ["chen", "zhou"])
def test_a_file_with_danger_that_nobody_confirms_is_known_above_before_it_is_destroyed(
    db: None, wait: Any, who: str
) -> None:
    """Whoever brought it may be the only one at her desk, and away: the machine must not destroy it between the two."""
    staged("S1,000000000", by=who)
    staged("S2,222222222", by=who)
    county, city = desk("dinghai-centre", Role.COUNTY_TRIAGE).pk, desk("city-centre", Role.CITY_DUTY).pk
    above = city if who == "zhou" else county

    def told(kind: str) -> list[tuple[str, str]]:
        with identity(MACHINE):
            rows = Notice.objects.filter(kind=kind, desk_id=above)
            return list(rows.values_list("tier", "target"))

    wait(hours=25)
    assert remind_of_files() == 2 and told("screening_waits") == [("orange", "screenings")]
    wait(hours=48)
    assert drop_forgotten() == 2 and told("screening_dropped") == [("orange", "screenings")]
