"""The help of every main screen, in both languages, and the guide of a first visit: walked, skipped, remembered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from wellbeing.access.routes import routes
from wellbeing.demo.city import CAST
from wellbeing.people.models import Role, User
from wellbeing.web.guide import TOURS
from wellbeing.web.help import BY_ROUTE, SCREENS
from wellbeing.web.views import FIRST_PAGES


def client(name: str, language: str = "en") -> Client:
    made = Client()
    made.cookies["django_language"] = language
    made.force_login(User.objects.get(username=name))
    return made


def test_help_speaks_of_pages_that_exist_and_each_only_once() -> None:
    known = {route.name for _address, route in routes()}
    named = [route for screen in SCREENS.values() for route in screen.routes]
    assert set(named) <= known and len(named) == len(set(named))
    assert {page for tour in TOURS.values() for page in tour} <= set(BY_ROUTE)
    assert set(TOURS) == set(Role.values)
    for tour in TOURS.values():  # each step says what its own page is for
        assert len({SCREENS[BY_ROUTE[page]].lead for page in tour}) == len(tour), tour
    assert {name for _permission, name in FIRST_PAGES} <= set(BY_ROUTE)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_question_mark_leads_to_the_help_of_the_page(db: None, language: str) -> None:
    lin = client("lin", language)
    for route, topic in {"new_call": "call", "search": "search", "shift": "call", "help": "start"}.items():
        assert f'href="{reverse("help_topic", args=[topic])}"' in lin.get(reverse(route)).content.decode(), route
    with translation.override(language):
        for topic, screen in SCREENS.items():
            page = lin.get(reverse("help_topic", args=[topic])).content.decode()
            assert str(translation.gettext(screen.lead)).replace("'", "&#x27;") in page
    assert lin.get(reverse("help_topic", args=["nothing"])).status_code == 404


def test_a_first_visit_is_walked_or_skipped_and_not_offered_again(db: None) -> None:
    offer = "Here for the first time?"
    for member in CAST:
        found = client(member.username)
        posts = User.objects.get(username=member.username).posts.order_by("pk")
        first = found.get(reverse("home"), follow=True).content.decode()
        assert (offer in first) == posts.exists(), member.username
    for member in {member.posts[0][0]: member for member in CAST if member.posts}.values():
        walked = client(member.username)
        for number, route in enumerate(TOURS[member.posts[0][0]], start=1):
            answer = walked.post(reverse("guide"), {"step": number}, follow=True)
            assert (answer.status_code, answer.resolver_match.url_name) == (200, route), member.username
    lin = client("lin")
    assert offer not in lin.get(reverse("search")).content.decode()
    tour = TOURS[Role.HOTLINE_COUNSELLOR]
    for number, route in enumerate(tour, start=1):
        answer = lin.post(reverse("guide"), {"step": number}, follow=True)
        assert answer.resolver_match.url_name == route and f"{number} / {len(tour)}" in answer.content.decode()
    assert "Done" in answer.content.decode() and "Back to this step" not in answer.content.decode()
    assert "Back to this step" in lin.get(reverse("shift")).content.decode()
    lin.post(reverse("guide"), {"step": "9" * 5000})  # no step: it ends
    assert User.objects.get(username="lin").guided_at
    again = client("lin").get(reverse("home"), follow=True).content.decode()
    assert offer not in again and "guide" not in client("lin").session
    zhou = client("zhou")
    assert offer not in zhou.post(reverse("guide"), {"step": ""}, follow=True).content.decode()
