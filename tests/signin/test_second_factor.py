"""A second factor stands before every file: forced, shown once per session and anew for what matters, kept sealed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any, cast
from unittest import mock
from uuid import UUID, uuid4

import cbor2
import pyotp
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings
from django.db import connection
from django.urls import reverse
from webauthn.helpers import bytes_to_base64url

from tests.signin.people import browser, code_of, confirm, give_password, set_up_app
from tests.stage import actor, call
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.audit.record import user_stream
from wellbeing.errors import Forbidden, Invalid
from wellbeing.signin import actions
from wellbeing.signin.factors import factors_of, sealed, shown_by_code, shown_by_passkey
from wellbeing.signin.models import By, Factor, FactorKind, RecoveryCode, Session
from wellbeing.signin.passkeys import Site
from wellbeing.vault.blind_index import index
from wellbeing.vault.envelope import DataKey, Place, seal
from wellbeing.vault.named import named_key
from wellbeing.workdays import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forced(settings: LazySettings) -> None:
    settings.SECOND_FACTOR = "required"


def leads_to(answer: Any) -> str:
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect", "")


def test_nothing_opens_before_a_second_factor_is_set_up_and_shown(wait: Any) -> None:
    case = call()
    doors = [reverse("case", args=[case.reference]), reverse("case_file", args=[case.reference]), reverse("board")]
    doors += [reverse("home"), reverse("account"), reverse("new_call")]
    lin = browser()
    assert give_password(lin, "lin").status_code == 302
    for door in doors:
        assert leads_to(lin.get(door)) == reverse("second_factor"), door
        assert leads_to(lin.get(door, HTTP_HX_REQUEST="true")) == reverse("second_factor"), door
    typed = lin.post(reverse("new_call"), {"narrative": "她说冷"}, HTTP_ORIGIN="http://127.0.0.1")
    assert typed.status_code == 403 and "她说冷" in typed.content.decode()

    secret, codes = set_up_app(lin)
    assert len(set(codes)) == 10
    assert lin.get(doors[1]).status_code == 200

    other = browser()
    give_password(other, "lin")
    for door in (*doors, reverse("second_factor"), reverse("set_up_totp"), reverse("change_password")):
        assert leads_to(other.get(door)) == reverse("confirm"), door
    assert confirm(other, code_of(secret)).status_code == 422  # its first use was the set-up's
    assert confirm(other, "000000").status_code == 422
    wait(seconds=30)
    before = other.session.session_key
    assert leads_to(confirm(other, code_of(secret))) == reverse("change_password")  # where she was led from last
    assert other.session.session_key != before
    assert other.get(doors[1]).status_code == 200

    third = browser()
    give_password(third, "lin")
    assert confirm(third, codes[0].lower().replace("-", " ")).status_code == 302
    fourth = browser()
    give_password(fourth, "lin")
    assert confirm(fourth, codes[0]).status_code == 422
    assert leads_to(fourth.get(doors[1])) == reverse("confirm")


def test_the_page_that_asks_again_is_titled_by_what_it_asks() -> None:
    ding, lin = browser(), browser()
    give_password(ding, "ding")  # a teacher, who needs no second factor
    assert "<title>再次输入密码 " in ding.get(reverse("confirm")).content.decode()
    give_password(lin, "lin")
    set_up_app(lin)
    give_password(other := browser(), "lin")
    assert "<title>第二因素验证 " in other.get(reverse("confirm")).content.decode()


def test_a_post_that_comes_later_asks_for_it_too() -> None:
    from datetime import date

    from tests.stage import desk
    from wellbeing.access.actor import Actor
    from wellbeing.people.models import User
    from wellbeing.people.set_up import appoint

    mallory = browser()
    give_password(mallory, "mallory")
    assert mallory.get(reverse("account")).status_code == 200  # no post, nothing to see
    with identity(Actor.machine("test")):
        appoint(User.objects.get(username="mallory"), desk("hotline", "hotline_counsellor"), starts_on=date(2026, 9, 1))
    assert leads_to(mallory.get(reverse("case_list"))) == reverse("second_factor")


def test_what_matters_asks_for_it_anew_and_keeps_what_was_typed(wait: Any) -> None:
    sun = browser()
    give_password(sun, "sun")
    secret, _codes = set_up_app(sun)
    address = reverse("open_account")
    assert sun.get(address).status_code == 200
    session = sun.session
    session["proved_at"] -= 301
    session.save()
    assert sun.get(reverse("accounts")).status_code == 200
    kept = sun.post(address, {"name": "新同事", "because": "到岗"}, HTTP_ORIGIN="http://127.0.0.1")
    assert kept.status_code == 403
    assert "新同事" in kept.content.decode() and reverse("confirm") in kept.content.decode()
    assert leads_to(sun.get(address)) == reverse("confirm")
    wait(seconds=30)
    assert leads_to(confirm(sun, code_of(secret))) == address
    assert sun.get(address).status_code == 200


def test_every_export_post_and_factor_page_is_declared_fresh() -> None:
    from wellbeing.access.proof import Proof
    from wellbeing.access.routes import routes

    views = {route.name: route.callback for _address, route in routes()}
    fresh = {name for name, view in views.items() if getattr(view, "proof", None) in (Proof.FRESH, Proof.FIRST)}
    exports = {name for name in views if name.endswith("_export")}
    posts = {"open_account", "appoint", "end_post", "confirm_appointment", "decline_appointment", "close_account"}
    factors = {"renew_password", "reset_second_factor", "drop_factor", "recovery_codes", "bind_sign_on"}
    factors |= {"second_factor", "set_up_totp", "set_up_passkey", "change_password", "end_session"}
    assert exports and exports | posts | factors | {"change_policy", "break_glass", "ask_export", "ask_token"} <= fresh
    assert not {"grant_access", "make_link", "new_call", "refer"} & fresh  # the work of a night: docs/protection.md


def test_an_old_proof_reaches_no_action_that_asks_for_a_new_one(settings: Any) -> None:
    """Whatever leads there: an actor without a session, one with an old proof, an export. A machine has none to show."""
    from wellbeing.access.proof import seconds
    from wellbeing.action import REGISTRY
    from wellbeing.errors import Stale
    from wellbeing.reports.sheets import Form, Sheet, Sort, export

    fresh = [one for one in REGISTRY.values() if one.fresh]
    assert len(fresh) > 10
    for proved_at in (None, seconds() - settings.FRESH_SECONDS - 1):
        for name in ("lin", "sun", "an", "zhou"):
            stale = replace(actor(name), proved_at=proved_at)
            for one in fresh:
                with pytest.raises(Stale):
                    one.run(actor=stale)
        with identity(actor("shen")), pytest.raises(Stale):
            export(replace(actor("shen"), proved_at=proved_at), cast(Sheet, None), Form.CSV, Sort.OVERVIEW)
    assert actor("lin").fresh and Actor.machine("posts").fresh


def test_no_secret_stands_in_the_database() -> None:
    lin = browser()
    give_password(lin, "lin")
    secret, codes = set_up_app(lin)
    with identity(actor("lin")):
        (factor,) = factors_of(actor("lin").person)
        with connection.cursor() as cursor:
            text = ""
            for table in ("signin_factor", "signin_recoverycode", "signin_session", "people_private", "audit_event"):
                cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
                text += cursor.fetchone()[0] or ""
        digests = {bytes(row.digest) for row in RecoveryCode.objects.filter(user_id=actor("lin").person)}
    fast = {index("recovery_code", f"{actor('lin').person}:{code}") for code in codes}
    assert len(digests) == len(codes) and not digests & fast  # 50 bits: the hash must be slow
    stored = bytes(factor.secret)
    assert secret.encode() not in stored and secret not in text and secret.encode().hex() not in text
    data = " ".join(str(row.get_decoded()) for row in Session.objects.all())
    for word in (secret, *codes):
        assert word not in text + data and word.encode().hex() not in text


def test_every_step_of_signing_in_leaves_its_event_and_says_by_what(wait: Any) -> None:
    lin = browser()
    give_password(lin, "lin")
    secret, _codes = set_up_app(lin)
    other = browser()
    give_password(other, "lin")
    for shown in ("000000", "AAAAA-BBBBB"):
        assert confirm(other, shown).status_code == 422
    assert other.post(reverse("confirm"), {"answer": "{}"}).status_code == 422
    wait(seconds=30)
    assert confirm(other, code_of(secret)).status_code == 302
    other.post(reverse("sign_out"))
    with identity(Actor.machine("verify")):
        bodies = (
            Event.objects.filter(stream=user_stream(actor("lin").id)).order_by("seq").values_list("body", flat=True)
        )
        said = [json.loads(bytes(body)) for body in bodies]
    steps = [(one["act"].rsplit(":", 1)[1], one["facts"].get("by")) for one in said if one["act"].startswith("web:")]
    assert steps == [
        ("half", "password"),
        ("start", "totp"),
        ("half", "password"),
        ("refused", "totp"),
        ("refused", "recovery"),
        ("refused", "passkey"),
        ("start", "totp"),
        ("end", None),
    ]
    assert all(one["at"].endswith("+00:00") and one["actor"] == actor("lin").id for one in said)


def test_factors_are_their_owners_alone_and_the_last_one_stays() -> None:
    lin, gao = browser(), browser()
    give_password(lin, "lin")
    set_up_app(lin)
    with identity(actor("lin")):
        (mine,) = factors_of(actor("lin").person)
    give_password(gao, "gao")
    set_up_app(gao)
    assert gao.post(reverse("drop_factor", args=[mine.pk])).status_code == 404
    with pytest.raises(Forbidden):
        actions.drop_factor(actor=actor("gao"), factor_id=mine.pk)
    with identity(actor("gao")):  # the wall, not the application
        assert not Factor.objects.filter(pk=mine.pk).exists()
    with pytest.raises(Invalid):
        actions.drop_factor(actor=actor("lin"), factor_id=mine.pk)
    set_up_app(lin)  # a second app
    assert lin.post(reverse("drop_factor", args=[mine.pk])).status_code == 302
    with identity(actor("lin")):
        assert len(factors_of(actor("lin").person)) == 1


SITE, CHALLENGE = Site("localhost", "https://localhost"), b"0123456789abcdef"


def answered(key: ec.EllipticCurvePrivateKey, credential: bytes) -> str:
    """What a browser answers to CHALLENGE with a passkey of this key (WebAuthn 2, 6.3.3)."""
    held = hashlib.sha256(SITE.name.encode()).digest() + bytes([5]) + (1).to_bytes(4, "big")  # present and verified
    asked = {"type": "webauthn.get", "challenge": bytes_to_base64url(CHALLENGE), "origin": SITE.origin}
    client = json.dumps(asked).encode()
    signature = key.sign(held + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
    parts = {"clientDataJSON": client, "authenticatorData": held, "signature": signature}
    told = {name: bytes_to_base64url(part) for name, part in parts.items()}
    name = bytes_to_base64url(credential)
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Its public half as browsers give it (COSE)."""
    point = key.public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})


def test_a_passkey_or_an_app_that_the_database_was_given_proves_nothing() -> None:
    """Its owner may write a public key of his own to anybody's account, or move a factor of his to it."""
    key, lin, gao = ec.generate_private_key(ec.SECP256R1()), actor("lin"), actor("gao")
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(int(now().timestamp()))

    def given(pk: UUID, kind: FactorKind, words: bytes) -> Factor:
        with identity(lin):
            name = pk.bytes if kind == FactorKind.PASSKEY else None
            given = {"kind": kind, "name": "x", "secret": words, "credential": name, "made_at": now()}
            return Factor.objects.create(id=pk, user_id=lin.person, **given)

    def proved(factor: Factor) -> By | None:
        with identity(lin):
            if factor.kind == FactorKind.TOTP:
                return shown_by_code(lin.person, code)
            return shown_by_passkey(lin.person, answered(key, factor.pk.bytes), SITE, CHALLENGE)

    other = seal(DataKey(0, named_key("factor")), public(key), Place("signin.factor", uuid4(), "secret", ""))
    for pk, user in ((uuid4(), lin), (uuid4(), gao)):
        passkey = given(pk, FactorKind.PASSKEY, sealed(pk, user.person, public(key)))
        assert proved(passkey) == (By.PASSKEY if user == lin else None), "moved from an account of his"
    for words in (public(key), other, b""):
        assert proved(given(uuid4(), FactorKind.PASSKEY, words)) is None
    for words in (secret.encode(), sealed(uuid4(), lin.person, secret.encode())):
        assert proved(given(uuid4(), FactorKind.TOTP, words)) is None
    pk = uuid4()
    assert proved(given(pk, FactorKind.TOTP, sealed(pk, gao.person, secret.encode()))) is None
    forged = given(uuid4(), FactorKind.PASSKEY, public(key))
    with mock.patch("wellbeing.signin.factors.made_here", lambda factor: bytes(factor.secret)):
        assert proved(forged) == By.PASSKEY, "without the seal it would have signed in"
    pk = uuid4()
    assert proved(given(pk, FactorKind.TOTP, sealed(pk, lin.person, secret.encode()))) == By.TOTP


def test_the_last_recovery_code_says_so_and_new_ones_end_the_old(wait: Any) -> None:
    lin = browser()
    give_password(lin, "lin")
    secret, codes = set_up_app(lin)
    for left, code in zip(range(len(codes) - 1, -1, -1), codes, strict=True):
        lin.post(reverse("sign_out"))
        give_password(lin, "lin")
        said = lin.post(reverse("confirm"), {"code": code}, follow=True).content.decode()
        assert (f"还剩 {left} 个" in said) == bool(left) and ("最后一个恢复码" in said) == (not left)
    page = lin.post(reverse("recovery_codes")).content.decode()
    assert "以前的全部失效" in page and secret not in page and not any(code in page for code in codes)
