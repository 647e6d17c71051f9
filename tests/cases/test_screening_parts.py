"""Parts of screening files, in whatever order and however often they are killed: nothing is lost, nothing doubled, and
whoever is flagged has exactly one open case."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from cases.actions import acknowledge, close_case, confirm_screening, drop_screening, import_screening
from cases.importing import in_turn, take_parts
from cases.models import Case, Deadline, Person, ScreeningBatch, ScreeningPart, ScreeningResult, Warning
from cases.tick import import_waiting
from tests.stage import TODAY, actor, fresh, screening, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.desks import system_desk
from wellbeing.vault.models import DataKeyRow

MACHINE = Actor.machine("import")


class Killed(Exception):
    pass


def running(*answers: str, size: int = 3, **more: Any) -> ScreeningBatch:
    found = staged(*answers, size=size, **more)
    batch: ScreeningBatch = confirm_screening(actor=actor(more.get("by", "chen")), batch_id=found.batch.pk)
    return batch


def finish(batch: ScreeningBatch) -> ScreeningBatch:
    while batch.state == "running":
        batch = import_screening(actor=MACHINE, batch=batch)
    return batch


def open_cases() -> Counter[Any]:
    with identity(MACHINE):
        return Counter(Case.objects.filter(closed_at=None).values_list("person_id", flat=True))


@pytest.mark.parametrize("seed", range(8))
def test_random_interleavings_with_kills_lose_and_double_nothing(db: None, seed: int) -> None:
    draw = random.Random(seed)
    numbers = [f"S{n}" for n in range(12)]
    files = []
    for _file in range(3):
        chosen = draw.sample(numbers, draw.randint(4, 12))
        files.append([f"{number},{'0' * 8}{draw.choice('000123')}" for number in chosen])
    batches = [running(*rows, size=draw.randint(1, 4)) for rows in files]
    while waiting := [batch for batch in batches if batch.state == "running"]:
        batch = draw.choice(waiting)
        if draw.random() < 0.3:
            with pytest.raises(Killed), transaction.atomic():
                import_screening(actor=MACHINE, batch=batch)
                raise Killed
            continue
        batches[batches.index(batch)] = import_screening(actor=MACHINE, batch=batch)
    said = {row for rows in files for row in rows}  # the same line in two files is one
    worst = {
        number: max((int(row[-1]) for row in said if row.startswith(f"{number},")), default=None) for number in numbers
    }
    with identity(MACHINE):
        assert ScreeningResult.objects.count() == len(said)
        assert Person.objects.count() == sum(value is not None for value in worst.values())
        assert ScreeningPart.objects.count() == 0
        tiers = Counter(Case.objects.values_list("tier", flat=True))
        assert set(Counter(Warning.objects.filter(ended_at=None).values_list("case_id", flat=True)).values()) <= {1}
    assert set(open_cases().values()) <= {1}
    assert tiers == Counter({1: "yellow", 2: "orange", 3: "orange"}[value] for value in worst.values() if value)
    assert sum(batch.skipped for batch in batches) == sum(map(len, files)) - len(said)


def test_one_case_is_what_the_single_path_writes(db: None) -> None:
    """Warning, clocks, grants and notices of the first case by COPY are those of a case that is raised alone."""
    finish(running("S1,000000001"))
    finish(running("S1,000000002"))  # raised: the single path
    finish(running("S2,000000002"))  # opened: by COPY

    def of(number: int) -> dict[str, Any]:
        with identity(MACHINE):
            case = Case.objects.order_by("pk")[number]
            warning = Warning.objects.get(case=case, ended_at=None)
            clocks = Deadline.objects.filter(case=case, state="running").order_by("kind")
            grants = case.casegroupobjectpermission_set.order_by("group_id", "permission_id")
            notices = Notice.objects.filter(dedupe_key__startswith=f"warning:{warning.pk}")
            return {
                "case": (case.tier, case.status, case.channel, case.owner_desk_id),
                "warning": (warning.tier, warning.desk_id, warning.rings, warning.raised_by_id),
                "clocks": [(c.kind, c.tier, c.tier_rank, c.desk_id, c.next_act, c.step) for c in clocks],
                "grants": list(grants.values_list("group_id", "permission_id", "origin")),
                "notices": sorted(notices.values_list("kind", "tier", "channel", "desk_id", "user_id")),
            }

    assert of(0) == of(1)


def test_a_closed_case_is_followed_by_a_new_one_and_an_open_one_by_none(db: None) -> None:
    blue = "222220000"  # a total of 10
    finish(running(f"S1,{blue}"))
    with identity(MACHINE):
        case = Case.objects.get()
    acknowledge(actor=actor("zhou"), case=case)
    finish(running(f"S1,{blue}", "S9,000000000"))  # the same line again: nothing
    finish(running("S1,222220010"))  # other answers that call for no more
    assert sum(open_cases().values()) == 1
    close_case(actor=actor("zhou"), case=fresh(case), reason="no_concern")
    finish(running("S1,111110000"))
    assert sum(open_cases().values()) == 0
    finish(running("S1,222220020"))
    assert sum(open_cases().values()) == 1


def test_nothing_is_taken_before_it_is_confirmed_or_after_it_was_dropped(db: None) -> None:
    batch = staged("S1,000000001").batch
    with pytest.raises(WrongState):
        import_screening(actor=MACHINE, batch=batch)
    drop_screening(actor=actor("chen"), batch_id=batch.pk)
    for act in (confirm_screening, drop_screening):
        with pytest.raises(WrongState):
            act(actor=actor("chen"), batch_id=batch.pk)
    with pytest.raises(WrongState):
        import_screening(actor=MACHINE, batch=batch)
    done = finish(running("S1,000000001", "S5,000000000"))
    with pytest.raises(WrongState):
        drop_screening(actor=actor("chen"), batch_id=done.pk)


def test_what_waits_is_sealed_and_its_key_ends_with_the_last_part(db: None) -> None:
    numbers = ("2026000001", "2026000002", "2026000003", "2026000004")  # what is sealed holds two letters by chance
    batch = running(*(f"{number},00000000{last}" for number, last in zip(numbers, (1, 0, 0, 2), strict=True)))
    with identity(MACHINE):
        for part in ScreeningPart.objects.all():
            assert not any(number.encode() in bytes(part.sealed) for number in numbers)
        assert DataKeyRow.objects.filter(owner_kind="batch").count() == 1
    batch = import_screening(actor=MACHINE, batch=batch)
    assert (batch.taken, batch.state, batch.warnings) == (3, "running", 1)  # the first warning is there already
    batch = import_screening(actor=MACHINE, batch=batch)
    assert (batch.taken, batch.state, batch.sealed) == (4, "finished", None)
    with identity(MACHINE):
        assert DataKeyRow.objects.filter(owner_kind="batch").count() == 0


def test_two_files_at_once_open_one_case_per_student(committed: SimpleNamespace) -> None:
    rows = [f"S{n},00000000" for n in range(30)]
    batches = [running(*(f"{row}{last}" for row in rows), size=5) for last in (1, 2)]
    failed: list[BaseException] = []

    def work(batch: ScreeningBatch) -> None:
        try:
            finish(batch)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(open_cases()) == 30 and set(open_cases().values()) == {1}
    with identity(MACHINE):
        assert set(Case.objects.values_list("tier", flat=True)) == {"orange"}


def test_a_process_that_is_killed_goes_on_where_it_stopped(committed: SimpleNamespace) -> None:
    rows = [f"S{n},{'0' * 8}{n % 4}" for n in range(240)]
    batch = running(*rows, size=4)
    code = (
        "import django; django.setup(); from cases.tick import import_waiting; print('on', flush=True);"
        " import_waiting(600)"
    )
    draw = random.Random(7)
    kills = 0
    for _round in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "DATABASE_URL": committed.app_url, "DJANGO_SETTINGS_MODULE": "wellbeing.settings"},
            stdout=subprocess.PIPE,
        )
        assert child.stdout and child.stdout.readline() == b"on\n"
        if kills < 3:
            time.sleep(draw.uniform(0.05, 0.6))
            child.send_signal(signal.SIGKILL)
            kills += 1
        child.wait(120)
        child.stdout.close()
        with identity(MACHINE):
            batch = ScreeningBatch.objects.get(pk=batch.pk)
        if batch.state == "finished":
            break
    assert (batch.state, batch.taken, batch.warnings) == ("finished", 240, 180)
    with identity(MACHINE):
        assert (ScreeningResult.objects.count(), Person.objects.count()) == (240, 240)
    assert len(open_cases()) == 180 and set(open_cases().values()) == {1}


def test_the_day_of_an_answer_tells_two_lines_apart(db: None) -> None:
    lines = screening("S1,000000000")
    finish(running("S1,000000000"))
    again = staged("S1,000000000", "S2,000000000")
    batch = finish(confirm_screening(actor=actor("chen"), batch_id=again.batch.pk))
    assert (batch.taken, batch.skipped) == (2, 1)
    later = staged("S1,000000000", "S3,000000000", day=TODAY.replace(day=9))
    batch = finish(confirm_screening(actor=actor("chen"), batch_id=later.batch.pk))
    assert (len(lines), batch.skipped) == (2, 0)


def put(part: ScreeningPart, sealed: bytes) -> None:
    """In the place of a part that waits: nobody changes one."""
    with identity(MACHINE):
        ScreeningPart.objects.filter(pk=part.pk).delete()
        part.sealed = sealed
        part.save(force_insert=True)


def test_a_part_that_cannot_be_taken_stops_none_behind_it_and_is_told(db: None) -> None:
    """Whoever is in it has been warned about by nobody: the school, its county and who mends machines hear of it."""
    batch = running("S1,000000003", "S2,000000003", "S3,000000003", size=1)
    with identity(MACHINE):
        first = batch.parts.order_by("number")[0]
        whole = bytes(first.sealed)
    put(first, whole[:-1] + bytes([whole[-1] ^ 1]))
    for _again in range(2):
        import_waiting(30)
    with identity(MACHINE):
        assert [case.tier for case in Case.objects.all()] == ["orange", "orange"]
        told = Notice.objects.filter(kind="screening_stuck")
        chen, zhou = actor("chen"), actor("zhou")
        system = system_desk()
        assert system is not None
        assert set(told.values_list("desk_id", "user_id", "target")) == {
            (chen.desks[0], None, "screenings"),
            (None, chen.id, "screenings"),
            (zhou.desks[0], None, "screenings"),
            (system.pk, None, ""),
        }
        assert told.count() == 4, "once a day"
    put(first, whole)
    import_waiting(30)
    with identity(MACHINE):
        assert Case.objects.count() == 3 and ScreeningBatch.objects.get(pk=batch.pk).state == "finished"


def test_files_that_fail_leave_time_for_those_behind_them(db: None) -> None:
    """Two files whose parts cannot be taken, the oldest of all, take the second that a round has: the third one's red
    students are warned about all the same."""
    for name in ("S1", "S2"):
        broken = running(f"{name},000000003")
        with identity(MACHINE):
            part = broken.parts.get()
        put(part, bytes(part.sealed)[:-1] + bytes([bytes(part.sealed)[-1] ^ 1]))
    whole = running("S3,000000003")
    for _round in range(3):  # of which each has time for one file
        with identity(MACHINE):
            first, *_others = in_turn(ScreeningBatch.objects.filter(state="running").order_by("staged_at", "pk"))
        take_parts(first, time.monotonic() + 30)
    assert fresh(whole).state == "finished"
