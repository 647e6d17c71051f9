"""Rotation by its commands: everything is replaced and still opens, killed runs go on, and nothing in use is destroyed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pyotp
import pytest
from django.core.management import CommandError, call_command

from cases import actions
from cases.access import Purpose, reveal
from cases.ballot_access import open_box, sealed_slip
from cases.draft_access import open_draft, reveal_draft, reveal_notes
from cases.drafts import DraftKind
from cases.glass_access import reveal_reasons
from cases.models import Case, Entry, Section
from cases.shift import last_notes
from tests.cases.glass_stage import opened as opened_glass
from tests.exchange.stage import rang
from tests.registers.scenes import incident
from tests.roles import working_as
from tests.stage import RED, actor, call, fresh, referred
from wellbeing.access import compared
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.audit.verify import verify
from wellbeing.custody import rotating
from wellbeing.custody.actions import begin_rotation, end_rotation
from wellbeing.custody.management.commands import rotate_keys
from wellbeing.custody.reasons import WhyRotate
from wellbeing.errors import WrongState
from wellbeing.exchange.access import open_ring, reveal_number
from wellbeing.ids import uuid7
from wellbeing.registers.access import open_incident
from wellbeing.registers.access import reveal as reveal_lines
from wellbeing.signin.factors import made_here, sealed, shown_by_code
from wellbeing.signin.models import By, Factor, FactorKind
from wellbeing.vault import keys, rotation
from wellbeing.vault.columns import columns
from wellbeing.vault.envelope import suite_of
from wellbeing.vault.models import RotationKind
from wellbeing.vault.sample import Sample, openable, try_some
from wellbeing.workdays import now

SM = "SM4-GCM, HKDF-SM3"
WHY = WhyRotate.SCHEDULED


def custodian(city: SimpleNamespace) -> AbstractContextManager[None]:
    """This process as the role that may change keys."""
    return working_as(city.keys_url)


def command(city: SimpleNamespace, *words: str) -> str:
    out = io.StringIO()
    keys.forget()
    with custodian(city):
        call_command("rotate_keys", *words, "--why", "scheduled", stdout=out, stderr=out)
    keys.forget()
    return out.getvalue()


def opened(case: Case) -> list[Any]:
    keys.forget()
    with identity(actor("zhou")):
        return [entry.words for entry in reveal(actor("zhou"), case, Section.values, Purpose.CARE).entries]


def besides(case: Case) -> Callable[[], list[Any]]:
    """Words of the other kinds: an opening, a draft, a note, an incident and a call; how each of them reads now."""
    lin, zhou, pk = actor("lin"), actor("zhou"), uuid7()
    glass, one, ring = opened_glass(case, by="gao"), incident(), rang()
    actions.save_draft(actor=lin, draft_id=pk, kind=DraftKind.CALL, words={"narrative": "还没说完"}, base=0)
    actions.hand_over_shift(actor=lin, text="一例红色")

    def read() -> list[Any]:
        keys.forget()
        with identity(lin):
            words = [reveal_draft(lin, open_draft(lin, pk)), *reveal_notes(lin, last_notes(lin))]
            words.append(reveal_number(lin, open_ring(lin, ring.pk, P.RING_SEE)))
        with identity(actor("gao")):
            words += reveal_reasons(actor("gao"), [fresh(glass)]).values()
        with identity(zhou):
            return words + reveal_lines(zhou, open_incident(zhou, one.reference))

    return read


def app(at: int) -> None:
    """An authenticator app of lin's, last used at this step."""
    with identity(actor("lin")):
        pk, person = uuid7(), actor("lin").person
        held = sealed(pk, person, pyotp.random_base32().encode())
        Factor.objects.create(
            id=pk, user_id=person, kind=FactorKind.TOTP, name="x", secret=held, counter=at, made_at=now()
        )


def slips(city: SimpleNamespace) -> list[Any]:
    """What lies in the running month's ballot box: until the month is over nobody but a custodian of keys opens it."""
    keys.forget()
    with custodian(city), identity(rotating.KEYS):
        return open_box(now().date().replace(day=1))


def ask(city: SimpleNamespace, question: str) -> list[Any]:
    with psycopg.connect(city.superuser_url, options="-c search_path=public,vault") as admin:
        return admin.execute(question).fetchall()  # type: ignore[arg-type]


def test_everything_goes_to_the_other_suite_and_back(
    committed: SimpleNamespace, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new root key, then all keys and words in SM4; the old root key may go only when it wraps nothing."""
    case = referred().case
    others = besides(case)
    with identity(actor("lin")):
        sealed_slip({"mark": "4"}, now(), now()).save(force_insert=True)  # type: ignore[union-attr]
    app(at=1)
    read, before, old = others(), opened(case), {bytes(e) for (e,) in ask(committed, "SELECT sealed FROM cases_entry")}
    root = tmp_path / "root"
    root.write_text(Path(os.environ["ROOT_KEY_FILE"]).read_text().strip() + f"\n2:02:{'5a' * 32}\n")
    root.chmod(0o400)
    settings.ROOT_KEY_FILE, settings.VAULT_SUITE = str(root), 2
    with pytest.raises(CommandError, match="wellbeing_keys alone"):
        call_command("rotate_keys", "--suite", "02", "--why", "suite")
    wrapped = [f"SELECT 1 FROM {table} WHERE root_version = 1" for table in ("vault_divisionkey", "vault_namedkey")]
    used = [len(ask(committed, one)) for one in wrapped]
    with pytest.raises(CommandError, match=f"still wraps {sum(used)} keys"):
        command(committed, "--may-go", "1")
    assert min(used) > 0, "of divisions and named ones"
    with pytest.raises(CommandError, match="Say what"):
        command(committed)
    told = command(committed, "--root", "--suite", "02")
    assert "SM4-GCM" in told and "so far" not in told, "one line for each of ten thousand people is no news"
    assert opened(case) == before and others() == read and len(read) == 5
    assert slips(committed) == [{"mark": 4}]
    new = {bytes(e) for (e,) in ask(committed, "SELECT sealed FROM cases_entry")}
    assert not new & old and {e[1] for e in new} == {2}
    suites = " UNION ".join(f"SELECT get_byte({c.name}, 1) FROM {c.table} WHERE {c.name} <> ''" for c in columns())
    assert ask(committed, suites) == [(2,)]
    assert "wraps nothing" in command(committed, "--may-go", "1")
    with custodian(committed):
        out = io.StringIO()
        call_command("crypto_inventory", "--csv", stdout=out)
    stock = {(row[0], row[1], row[2]): row[3] for row in csv.reader(out.getvalue().splitlines())}
    factors = ("envelopes signin_factor.secret", "named key factor")
    assert stock[factors[0], "AES-256-GCM, HKDF-SHA256", factors[1]] == "1", "until its next use"
    with identity(actor("lin")):
        secret = made_here(Factor.objects.get())
        assert secret and shown_by_code(actor("lin").person, pyotp.TOTP(secret.decode()).at(now())) == By.TOTP
        assert (made_here(Factor.objects.get()), suite_of(Factor.objects.get().secret)) == (secret, 2)
    counted = ask(committed, "SELECT count(*) FROM cases_entry")[0][0]
    assert stock["envelopes cases_entry.sealed", SM, "keys of kind case"] == str(counted)
    assert stock["root key", "AES-256-GCM, HKDF-SHA256", "version 1"] == "0" != stock["root key", SM, "version 2"]
    assert stock["data keys of kind case", SM, "current"] == "1"
    assert ("library", f"cryptography {version('cryptography')}") in {key[:2] for key in stock}
    settings.VAULT_SUITE = 1
    monkeypatch.setattr(rotate_keys, "EVERY", 2)
    assert f"root: 0 keys replaced ({SM})" in command(committed, "--root"), "the root key has a suite of its own"
    assert re.search(r"words: 2 so far\nwords: 4 so far\n", command(committed, "--suite", "01"))
    with custodian(committed):
        assert rotating.retire(wait=20, patience=0, why=WHY)[1] > 0
    assert ask(committed, "SELECT count(*) FROM vault_datakey WHERE replaced_at IS NOT NULL OR suite <> 1") == [(0,)]
    assert ask(committed, "SELECT count(*) FROM vault_divisionkey WHERE state <> 'active' OR suite <> 1") == [(0,)]
    assert opened(case) == before and others() == read and slips(committed) == [{"mark": 4}]
    with identity(Actor.machine("verify")):
        assert verify().faults == compared.faults() == []  # and every seal holds under the keys of now
        acts = list(Event.objects.filter(act__in=[P.KEYS_ROTATE, P.KEYS_RETIRE]).values_list("act", flat=True))
    assert acts.count(P.KEYS_ROTATE) == 12 and acts.count(P.KEYS_RETIRE) == 1


def test_what_was_begun_is_gone_on_with_and_what_is_used_stays(committed: SimpleNamespace) -> None:
    """A run that ended in its middle; a writer who was at work all the while; a file that somebody holds."""
    cases = [call(RED) for _ in range(3)]
    with custodian(committed):
        for words in (["--words"], ["--retire"]):  # nobody begins without saying why
            with pytest.raises(CommandError, match="why"):
                call_command("rotate_keys", *words)
        begun = begin_rotation(actor=rotating.KEYS, kind="words", suite=1, why=WhyRotate.SUSPICION)
        with identity(rotating.KEYS):
            said = json.loads(bytes(Event.objects.filter(act=P.KEYS_ROTATE).latest("at").body))["facts"]
        assert said["why"] == "suspicion"
        with identity(rotating.KEYS):
            assert rotation.step(begun)[0] == 1  # and here it is killed
        with pytest.raises(WrongState):
            end_rotation(actor=rotating.KEYS, begun=begun)
        assert begin_rotation(actor=rotating.KEYS, kind="words", suite=2, why=WHY) == begun
    with psycopg.connect(committed.app_url) as writer:
        with identity(actor("zhou")):
            late = keys.load_key("case", cases[0].pk)
        writer.execute("SELECT 1")  # a transaction that began before
        with custodian(committed):
            assert rotating.rotate(RotationKind.WORDS, 1, lambda *told: None, why=WHY) >= 6
            with pytest.raises(TimeoutError):
                rotating.retire(wait=0.3, why=WHY)
            assert ask(committed, "SELECT count(*) FROM vault_datakey WHERE replaced_at IS NOT NULL")[0][0] >= 6
    # what the late writer seals under a key that was replaced meanwhile is sealed anew before the key ends
    from cases.access import Writer
    from cases.models import EntryKind
    from wellbeing.workdays import now

    with identity(actor("zhou")):
        entry = Writer(cases[0].pk, "330902", late).entry(
            Section.PLAN, EntryKind.FOLLOW_UP, {"note": "灯塔"}, actor=actor("zhou"), at=now()
        )
        Entry.objects.bulk_create([entry])
    with custodian(committed):
        rotating.rotate(RotationKind.DIVISIONS, 1, lambda *told: None, why=WHY)
        data, divisions = rotating.retire(wait=20, why=WHY)
        assert data >= 6 and divisions == 0  # a process may remember for ten minutes which key was active
        assert rotating.retire(wait=20, patience=0, why=WHY) == (0, 1)
    assert {"note": "灯塔"} in opened(cases[0])
    assert all(opened(case) for case in cases)
    # the sample of a restore's check: everything that has its key opens, and what was moved or lost it is counted
    sealed = {
        pk: [e for (e,) in ask(committed, f"SELECT sealed FROM cases_entry WHERE case_id = '{pk}'")]
        for pk in (c.pk for c in cases)
    }
    with custodian(committed), identity(rotating.KEYS):
        whole = try_some(999)
        every = sum(ask(committed, f"SELECT count({one.name}) FROM {one.table}")[0][0] for one in columns())
        assert whole == Sample(every, every, 0) and every > sum(map(len, sealed.values()))
        assert try_some(5).tried == 5
        assert openable("case", cases[0].pk) > openable("case", uuid7()) == 0
    with psycopg.connect(committed.superuser_url, options="-c search_path=public,vault", autocommit=True) as admin:
        two = "(SELECT id FROM cases_entry WHERE case_id = %s ORDER BY id LIMIT 1)"
        admin.execute(f"UPDATE cases_entry SET sealed = %s WHERE id = {two}", [sealed[cases[1].pk][0], cases[0].pk])  # type: ignore[arg-type]
        admin.execute("DELETE FROM vault_datakey WHERE owner_id = %s", [cases[2].pk])
    with custodian(committed), identity(rotating.KEYS):
        less = try_some(999)
        gone = openable("case", cases[2].pk)
        assert (less.tried, less.opened) == (whole.tried - less.keyless, less.tried - 1) and gone == 0 < less.keyless
        with pytest.raises(LookupError):
            rotation._envelopes(("nothing", uuid7()))


def test_one_that_was_begun_for_something_else_is_ended_and_what_is_asked_follows(committed: SimpleNamespace) -> None:
    """Killed on its way in suite 01; then the other suite is asked for, and then everything again, on a suspicion."""
    call(RED)
    current = "SELECT DISTINCT suite FROM vault_datakey WHERE replaced_at IS NULL"
    with custodian(committed):
        for kind in ("divisions", "words"):
            begun = begin_rotation(actor=rotating.KEYS, kind=kind, suite=1, why=WHY)
            with identity(rotating.KEYS):
                assert rotation.step(begun)[0]
    assert "SM4-GCM" in command(committed, "--suite", "02")
    assert ask(committed, current) == [(2,)]
    assert ask(committed, "SELECT DISTINCT suite FROM vault_divisionkey WHERE state = 'active'") == [(2,)]
    with custodian(committed):
        begun = begin_rotation(actor=rotating.KEYS, kind="words", suite=1, why=WHY)
        with identity(rotating.KEYS):
            assert rotation.step(begun)[0]
        (known,) = ask(committed, "SELECT array_agg(id) FROM vault_datakey")[0]
        replaced = rotating.rotate(RotationKind.WORDS, 1, lambda *told: None, why=WhyRotate.SUSPICION)
    after = ask(committed, "SELECT array_agg(id) FROM vault_datakey WHERE replaced_at IS NULL")[0][0]
    assert not {*known} & {*after}, "what the one of before had made already is suspected too"
    assert replaced > len(after)


def test_a_rotation_waits_for_nobody_who_holds_a_key(committed: SimpleNamespace) -> None:
    """What somebody holds is left to the next round; nothing of that batch is half done."""
    case = call(RED)
    told: list[int] = []
    with psycopg.connect(committed.superuser_url, options="-c search_path=public,vault") as holder:
        holder.execute("SELECT 1 FROM vault_datakey WHERE owner_id = %s FOR UPDATE", [case.pk])
        with custodian(committed):
            begun = begin_rotation(actor=rotating.KEYS, kind="divisions", suite=1, why=WHY)
            with identity(rotating.KEYS):
                assert rotation.step(begun) == (0, -1) and rotation.left(begun) > 0
    with custodian(committed):
        assert rotating.rotate(RotationKind.DIVISIONS, 1, lambda _begun, done: told.append(done), why=WHY) == sum(told)
        with identity(rotating.KEYS):
            assert rotation.left(begun) == 0
    assert opened(case)
