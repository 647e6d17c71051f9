"""The pages of the policy: readable by those who work by it, changed in three steps, nothing typed is lost."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import PolicyVersion
from cases.policy import Policy
from cases.policy_change import changes
from tests.stage import acknowledged, actor, policy, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.workdays import HOLIDAYS, TIMEZONE, now

CHANGE = "/cases/policy/change/"
READERS, OTHERS = ("shen", "an", "zhou", "he"), ("lin", "chen", "fang", "sun", "jian", "mallory")


def reading(name: str, language: str = "en") -> Client:
    client = signed_in(name)
    client.cookies["django_language"] = language
    return client


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form, as it stands."""
    form = page[page.index('<form method="post"', page.index("<main")) : page.index("</main>")]
    form = form[: form.index("</form>")]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" not in named or (named.get("type") == "checkbox" and "checked" not in tag):
            continue
        sent.setdefault(named["name"], []).append(
            html.unescape(named.get("value", "on" if named.get("type") == "checkbox" else ""))
        )
    for name, inner in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        first = re.search(r'<option value="([^"]*)"', inner)
        sent.setdefault(name, []).append((chosen or first)[1])  # type: ignore[index]
    for name, inner in re.findall(r'<textarea name="([^"]+)".*?>(.*?)</textarea>', form, re.S):
        sent.setdefault(name, []).append(html.unescape(inner).lstrip("\r\n"))
    return sent


def typed(client: Client, **more: Any) -> dict[str, Any]:
    """The form as it is first shown, with some of it typed over."""
    sent: dict[str, Any] = fields(client.get(CHANGE).content.decode())
    return {**sent, "because": "开学前收紧", **{name.replace("__", "-"): value for name, value in more.items()}}


def faults(page: str) -> list[str]:
    """The names of the fields that a fault stands beside."""
    return re.findall(r'class="fault" id="id_([\w-]+)_error"', page)


def current() -> PolicyVersion:
    with identity(Actor.machine("test")):
        return PolicyVersion.current()


@pytest.mark.parametrize(("name", "language"), [*((name, "zh-hans") for name in READERS), ("shen", "en")])
def test_those_who_work_by_it_read_it(db: None, name: str, language: str) -> None:
    answer = reading(name, language).get(reverse("policy"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ("15 minutes" if language == "en" else "15 分钟") in page
    for tier in ("red", "orange", "yellow", "blue"):
        assert f'class="tier is-{tier}"' in page  # colour, word and shape
    assert (CHANGE in page) == (name == "shen")
    assert f'href="{reverse("policy")}"' in page


def test_nobody_else_reads_it_and_the_administrator_alone_changes_it(db: None) -> None:
    for name in OTHERS:
        client = reading(name)
        assert client.get(reverse("policy")).status_code == 404
        assert reverse("policy") not in client.get("/", follow=True).content.decode()
    for name in {*READERS, *OTHERS} - {"shen"}:
        assert reading(name).get(CHANGE).status_code == 404
        assert reading(name).post(CHANGE, {"step": "confirm"}).status_code == 404


def test_from_the_form_over_the_preview_to_a_version(db: None) -> None:
    acknowledged()
    client = reading("shen")
    sent = typed(client, **{"acknowledge__red_0": "10"})
    preview = client.post(CHANGE, sent)
    page = preview.content.decode()
    assert preview.status_code == 200 and current().number == 1
    assert "15 minutes" in page and "10 minutes" in page and "&lt;5" in page
    assert "开学前收紧" in page
    done = client.post(CHANGE, {**fields(page), "step": "confirm"}, follow=True)
    assert done.redirect_chain == [(reverse("policy"), 302)]
    made = current()
    assert (made.number, made.because, made.policy().acknowledge["red"]) == (2, "开学前收紧", {"minutes": 10})
    shown = done.content.decode()
    assert "Version 2" in shown and "沈局" in shown and "1 value changed" in shown


def test_the_values_of_the_form_are_the_policy(db: None) -> None:
    """Sent as it stands, the form says that nothing differs: every value survives the way through it."""
    answer = reading("shen").post(CHANGE, typed(reading("shen")))
    assert answer.status_code == 422
    assert "Nothing differs" in answer.content.decode()
    assert faults(answer.content.decode()) == []


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(db: None) -> None:
    client = reading("shen")
    sent = typed(
        client,
        because="",
        **{
            "acknowledge__red_0": "3",
            "acknowledge__red_1": "hours",
            "first_meeting__blue_0": "",
            "reassess__orange_0": "seven",
            "ladder__2": "",
            "phq_blue": "20",
            "second_person": ["orange"],
            "key_periods__7__name": "台风季",
            "key_periods__7__first": "07-99",
            "key_periods__7__last": "09-01",
        },
    )
    answer = client.post(CHANGE, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(faults(page)) == {
        "because",
        "acknowledge-red",
        "first_meeting-blue",
        "reassess-orange",
        "ladder-1",
        "phq_blue",
        "second_person",
        "key_periods-7-first",
    }
    again = fields(page)
    for name, value in sent.items():
        if name not in ("csrfmiddlewaretoken",):
            assert again.get(name, [""]) == (value if isinstance(value, list) else [value]), name


def test_back_from_the_preview_everything_is_still_there(db: None) -> None:
    client = reading("shen")
    sent = typed(client, **{"acknowledge__red_0": "10", "because": "一\n二"})
    page = client.post(CHANGE, sent).content.decode()
    back = client.post(CHANGE, {**fields(page), "step": "edit"})
    assert back.status_code == 200
    again = fields(back.content.decode())
    assert again["acknowledge-red_0"] == ["10"] and again["because"][0].replace("\r", "") == "一\n二"
    assert again["second_person"] == ["red", "orange"]


def test_what_was_not_previewed_is_not_kept(db: None) -> None:
    client = reading("shen")
    sent = typed(client, **{"acknowledge__red_0": "10"})
    page = client.post(CHANGE, sent).content.decode()
    meddled = {**fields(page), "step": "confirm", "acknowledge-red_0": "14"}
    answer = client.post(CHANGE, meddled)
    assert answer.status_code == 422 and "preview" in answer.content.decode()
    assert current().number == 1
    assert fields(answer.content.decode())["acknowledge-red_0"] == ["14"]
    assert client.post(CHANGE, {**sent, "step": "confirm"}).status_code == 422


def test_a_colleague_was_faster(db: None) -> None:
    client = reading("shen")
    page = client.post(CHANGE, typed(client, **{"acknowledge__red_0": "10"})).content.decode()
    policy(phq_blue=9)
    answer = client.post(CHANGE, {**fields(page), "step": "confirm"})
    assert answer.status_code == 422 and current().number == 2


def test_confirming_twice_makes_one_version(db: None) -> None:
    client = reading("shen")
    page = client.post(CHANGE, typed(client, **{"acknowledge__red_0": "10"})).content.decode()
    last = {**fields(page), "step": "confirm"}
    assert [client.post(CHANGE, last).status_code for _time in range(2)] == [302, 302]
    assert current().number == 2


def test_a_beginning_in_the_past_is_said_beside_its_field(db: None) -> None:
    client = reading("shen")
    before = (now() - timedelta(hours=1)).astimezone(TIMEZONE).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(CHANGE, typed(client, effective_from=before, **{"acknowledge__red_0": "10"}))
    assert answer.status_code == 422 and faults(answer.content.decode()) == ["effective_from"]


def test_a_waiting_version_is_shown_and_withdrawn_from_the_page(db: None) -> None:
    policy(effective_from=now() + timedelta(days=3), phq_blue=9)
    client = reading("shen")
    page = client.get(reverse("policy")).content.decode()
    assert "Version 2 waits" in page and f"{CHANGE}?from=1" in page
    form = client.get(f"{CHANGE}?from=1").content.decode()
    sent = {**fields(form), "because": "再议"}
    preview = client.post(f"{CHANGE}?from=1", sent).content.decode()
    assert "withdraws version 2" in preview
    client.post(f"{CHANGE}?from=1", {**fields(preview), "step": "confirm"})
    assert "withdrawn" in client.get(reverse("policy")).content.decode()
    assert current().number == 3 and changes(Policy(), current().policy()) == ()


def test_the_preview_names_no_case(db: None) -> None:
    case = acknowledged()
    client = reading("shen")
    page = client.post(CHANGE, typed(client, **{"acknowledge__red_0": "10"})).content.decode()
    assert case.reference not in page and str(case.pk) not in page


def test_the_board_says_that_a_key_period_runs(db: None) -> None:
    client = reading("zhou")
    today = f"{now():%m-%d}"
    policy(key_periods=())
    assert "Key period" not in client.get(reverse("board")).content.decode()
    policy(key_periods=({"name": "台风季", "name_en": "Typhoons", "first": today, "last": today},))
    for name in ("board", "policy"):
        assert "Key period: Typhoons" in client.get(reverse(name)).content.decode()
    assert "台风季" in reading("zhou", "zh-hans").get(reverse("board")).content.decode()


def test_a_year_whose_holidays_are_unknown_is_said_a_month_before_it_comes(db: None, wait: Any) -> None:
    last = max(HOLIDAYS)
    client = reading("zhou", "zh-hans")
    wait(days=(datetime(last, 11, 20, tzinfo=TIMEZONE) - now()).days)
    assert f"{last + 1} 年的法定节假日" not in client.get(reverse("board")).content.decode()
    client = reading("zhou", "zh-hans")
    wait(days=25)
    for name in ("board", "policy"):
        assert f"{last + 1} 年的法定节假日" in reading("zhou", "zh-hans").get(reverse(name)).content.decode()


def test_words_that_look_like_markup_stay_words(db: None) -> None:
    client = reading("shen")
    sent = typed(client, because='<b>"粗"</b>', **{"acknowledge__red_0": "10"})
    page = client.post(CHANGE, sent).content.decode()
    assert "<b>" not in page[page.index("<main") :].replace("<b>", "", page.count("<dd><b>"))
    done = client.post(CHANGE, {**fields(page), "step": "confirm"}, follow=True).content.decode()
    assert "&lt;b&gt;" in done
    assert actor("shen").roles == {"education_admin"}
