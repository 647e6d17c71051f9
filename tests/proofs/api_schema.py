"""WB-8: whatever is sent to the API, in its own shapes and beside them, it never breaks, and answers as it says.

Schemathesis makes the requests from the description of the API: half of them as described, half against it. Addresses
of an object are given real ones of a whole stage as often as invented ones, and each request goes by a program of
somebody whom the address is for, or not.
"""

from __future__ import annotations

import random
import warnings
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.api.stage import Program
from tests.proofs.proof import Found, Proof
from wellbeing.wsgi import application

EACH = 4  # requests of one address in one turn
ENOUGH = 1_000  # to have been everywhere


def asked(tries: int, seed_of: int, city: SimpleNamespace) -> Found:
    """So many requests over every address, in turns; then how many were answered at all."""
    import schemathesis  # two seconds: whoever runs this alone loads it

    chance, faults, statuses = random.Random(seed_of), list[str](), list[int]()
    with override_settings(API_PER_MINUTE=10**9, API_BURST=10**6), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        places, who = ground(city)
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=who["lin"].shown())
        operations = {one.definition.raw["operationId"]: one for one in (o.ok() for o in schema.get_all_operations())}
        while len(statuses) < tries:
            for name in chance.sample(sorted(operations), len(operations)):
                _method, _address, members, named = places[f"api_{name}"]
                by = who[chance.choice(sorted(members & who.keys()) or sorted(who))]
                turn(operations[name], by, named if chance.random() < 0.8 else None, chance, faults, statuses)
                if len(statuses) >= tries:
                    break
    if len(statuses) >= ENOUGH and statuses.count(200) < len(statuses) / 50:
        faults.append("hardly anything was answered")
    return Found(len(statuses), len(faults), faults[0] if faults else "")


def ground(city: SimpleNamespace) -> tuple[Any, dict[str, Program]]:
    """Every address with an object that it can name, and everybody's programs; made once in a city."""
    from tests.rules.test_matrix import api_places, programs, whole_stage

    if not hasattr(city, "ground"):
        city.ground = api_places(whole_stage()), programs()
    found: tuple[Any, dict[str, Program]] = city.ground
    return found


def turn(
    operation: Any, by: Program, named: Any, chance: random.Random, faults: list[str], statuses: list[int]
) -> None:
    """Some requests of one address, as described or against it; `named` is an object that there is. As described a field
    that no form has is left out more often than not: it alone would refuse the rest."""
    from schemathesis import GenerationMode, checks
    from schemathesis.core.failures import FailureGroup
    from schemathesis.specs.openapi import checks as of_schema

    answers = [checks.not_a_server_error, of_schema.status_code_conformance]
    answers += [of_schema.content_type_conformance, of_schema.response_schema_conformance]
    against = chance.random() < 0.5 and bool(operation.body or operation.query)
    mode = GenerationMode.NEGATIVE if against else GenerationMode.POSITIVE

    body = operation.definition.raw.get("requestBody", {}).get("content", {})
    known, kept = body.get("application/json", {}).get("schema", {}).get("properties", {}), chance.random() < 0.8

    @seed(chance.getrandbits(32))
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode, path_parameters=named or None))
    def send(case: Any) -> None:
        if isinstance(case.body, dict) and not against and kept:
            case.body = {name: value for name, value in case.body.items() if name in known}
        case.headers.update(by.shown())  # in place of an invented token
        response = case.call()
        statuses.append(response.status_code)
        try:
            case.validate_response(response, checks=answers)
        except FailureGroup as found:
            faults.append(f"{operation.label}: {response.status_code} {type(found.exceptions[0]).__name__}")

    send()


def planted(tries: int, seed_of: int, city: SimpleNamespace) -> Found:
    """The same where the answer to a wrong request is itself broken."""
    with mock.patch("wellbeing.api.gate.refused", side_effect=KeyError("planted")):
        return asked(tries, seed_of, city)


PROOF = Proof(
    "WB-8", "requests that break the API, or its own description", asked, planted, 120, 3_000, 300_000, 24, city=True
)
