"""The packages whose mutation score is asked, and the tests that may find a change in each."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Package:
    """What is changed, and the tests that may find it; `tables` hold a table of it to its written copy."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    tables: tuple[str, ...] = ()


PACKAGES = {
    "vault": Package(
        ("wellbeing.vault",),
        (
            "tests/vault",
            "tests/custody/test_rotate_keys.py",
            "tests/cases/test_erase.py",
            "tests/rules/test_cryptography.py",
        ),
    ),
    "access": Package(
        ("wellbeing.access",),
        (
            *("tests/access", "tests/rules/test_doors.py", "tests/rules/test_walls.py", "tests/rules/test_docs.py"),
            *("tests/people/test_posts.py", "tests/cases/test_sharing.py"),
            "tests/web/test_pages.py::test_an_undeclared_route_answers_nobody",
        ),
        tables=("tests/rules/test_docs.py",),
    ),
    "audit": Package(
        ("wellbeing.audit",),
        (
            *("tests/audit", "tests/audit_desk"),
            "tests/proofs/test_proofs.py::test_the_promise_holds_and_a_planted_fault_is_caught[AU-1-5]",
        ),
    ),
    "alerts": Package(
        (
            *("wellbeing.outbox", "cases.tick", "referrals.tick", "cases.clocks", "wellbeing.rota.warn"),
            *("cases.stuck", "cases.importing", "wellbeing.exchange.unlogged"),
            *(f"cases.actions.{name}" for name in ("_warning", "_notices", "_clocks", "acknowledge", "escalate")),
            *(
                f"cases.actions.{name}"
                for name in ("hasten_clocks", "remind", "ring_again", "pause_clock", "resume_clock")
            ),
            "wellbeing.rota.actions.warn_gap",
        ),
        (
            *("tests/outbox", "tests/cases/test_clocks.py", "tests/cases/test_clocks_of_a_case.py"),
            *("tests/cases/test_warning.py", "tests/cases/test_acknowledge.py", "tests/cases/test_escalate.py"),
            *("tests/cases/test_notices.py", "tests/cases/test_tick.py", "tests/cases/test_catch_up_clocks.py"),
            *("tests/referrals/test_tick.py", "tests/referrals/test_times.py", "tests/cases/test_repeats.py"),
            *("tests/cases/test_ring_again.py", "tests/cases/test_telling.py", "tests/cases/test_take_call.py"),
            *("tests/cases/test_raising.py", "tests/cases/test_closing.py", "tests/wellbeing/test_action.py"),
            *("tests/rota/test_planning.py", "tests/rota/test_duty.py", "tests/referrals/test_following.py"),
            *("tests/referrals/test_link.py", "tests/cases/test_call_back.py", "tests/cases/test_campaigns.py"),
            *("tests/cases/test_drafts.py", "tests/cases/test_caller.py", "tests/cases/test_exports.py"),
            *("tests/cases/test_record_requests.py", "tests/cases/test_retention.py", "tests/cases/test_leaver.py"),
            *("tests/cases/test_glass.py", "tests/referrals/test_queues.py", "tests/referrals/test_crossing.py"),
            "tests/cases/test_screening_pages.py::test_what_nobody_confirms_is_destroyed",
            "tests/cases/test_screening_parts.py::test_a_part_that_cannot_be_taken_stops_none_behind_it_and_is_told",
            "tests/exchange/test_hearing.py::test_a_call_that_nobody_logs_is_told_of_before_its_number_goes",
            "tests/cases/test_pausing.py",
        ),
    ),
    "rules": Package(
        ("cases.tiers", "cases.lowering", "wellbeing.sheets.writing"),
        ("tests/cases/test_tiers.py", "tests/cases/test_lowering.py", "tests/rules/test_exports.py"),
    ),
}


def modules(package: Package) -> Iterator[ModuleType]:
    """Every module of a package in which something stands, but its migrations."""
    for name in package.modules:
        path = getattr(importlib.import_module(name), "__path__", [])
        for found in (name, *(one.name for one in pkgutil.walk_packages(path, f"{name}."))):
            module = importlib.import_module(found)
            if ".migrations" not in found and os.path.getsize(module.__file__ or os.devnull):
                yield module
