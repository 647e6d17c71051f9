"""Sending the forms that people's own pages show them, with words of a proof's own in everything that is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.files import PDF
from tests.proofs.pages import Browsers, Field, Form, route_of
from wellbeing.workdays import now

# What ends a case or a referral comes when everything else has been sent.
LAST = {"close_case", "close_referral", "withdraw", "decline_referral", "end_post", "accept_transfer", "hand_over"}
LAST |= {"take_absence", "enter_absence"}
NUMBERS = re.compile(r"number|contact$|mobile|receipt_no|call_back")


def name_of(form: Form) -> str:
    """The route that a form is sent to."""
    return str(getattr(route_of(form.action), "url_name", ""))


def asks(form: Form) -> bool:
    """Whether somebody writes words into a form, or gives it a file."""
    return any(one.written or one.kind == "file" for one in form.fields.values()) and form.method == "post"


def wants_words(given: Field, name: str) -> bool:
    """Whether a field takes somebody's own words, or a file."""
    return given.kind == "file" or (given.written and not given.choices and name != "paper")


@dataclass(kw_only=True)
class Sender:
    """Fills forms as their readers would; what is written comes from `word` and `number`. `seen` are the fields, by
    `route.field`, into which something is written or a file goes; `reached` those of which it was taken."""

    given: dict[str, Any] = field(default_factory=dict)  # what must stand in some fields of the form that comes next
    seen: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)

    def word(self, where: str) -> str:
        """What is written into a field, `route.field`."""
        raise NotImplementedError

    def number(self, where: str) -> str:
        """What is written where a telephone or a number of a paper is asked for."""
        return self.word(where)

    def send(self, browsers: Browsers, who: str, form: Form) -> Any:
        """Send a form and answer what came back; what is refused is mended and sent again, four times at most."""
        data = {one: self._filled(form, one) for one in form.fields if one != "csrfmiddlewaretoken"} | self.given
        for _again in range(4):
            answer = browsers.of(who).post(
                form.action, {one: value for one, value in data.items() if value is not None}
            )
            shown = answer.context["form"] if answer.status_code == 422 and "form" in (answer.context or ()) else None
            if shown is None or not self.mend(data, shown.errors, form):
                break
        fields = {one for one, given in form.fields.items() if wants_words(given, one)}
        self.seen |= {f"{name_of(form)}.{one}" for one in fields}
        if answer.status_code < 400:
            taken = {one for one in fields if data.get(one) and one not in self.given}
            self.reached |= {f"{name_of(form)}.{one}" for one in taken}
        return answer

    def missed(self, known: Mapping[str, str]) -> list[str]:
        """The fields that were never reached and are not known, each with its reason, as ones that cannot be: a route
        with all of its fields, or `route.field`."""
        return sorted(w for w in self.seen - self.reached if w not in known and w.partition(".")[0] not in known)

    def misses(self, route: str, known: Mapping[str, str]) -> bool:
        """Whether a route has a field of which nothing was taken yet, and should be."""
        return any(one.startswith(f"{route}.") for one in self.missed(known))

    def spoil(self, browsers: Browsers, who: str, form: Form) -> Any:
        """Send a form that cannot be taken, without its hidden key: the answer gives back what was written."""
        data = {
            one: self._filled(form, one) for one, given in form.fields.items() if given.kind not in ("hidden", "file")
        }
        return browsers.of(who).post(form.action, data)

    def mend(self, data: dict[str, Any], errors: Any, form: Form) -> bool:
        """Another value where the first was refused: later, another choice, or nothing; whether there is one."""
        wrong = (set(errors) & set(data)) - set(self.given)
        for name in wrong:
            given = form.fields[name]
            others = given.choices[given.choices.index(data[name]) + 1 :] if data[name] in given.choices else []
            data[name] = next(iter(others), _other_time(data[name]) if given.kind == "datetime-local" else "")
        return bool(wrong)

    def _filled(self, form: Form, name: str) -> Any:
        given, where = form.fields[name], f"{name_of(form)}.{name}"
        if given.kind == "file":
            return SimpleUploadedFile(f"{self.word(where)}.pdf", PDF, "application/pdf")
        if given.kind == "hidden":
            return given.value or None
        if given.choices:
            return next((one for one in given.choices if one), "")
        if NUMBERS.search(name):
            return self.number(where)
        return self._written(name, where, given)

    def _written(self, name: str, where: str, given: Field) -> str:
        if given.kind == "datetime-local":
            return _time(minutes=-5)
        if given.kind == "date":
            return (now() + timedelta(days=1)).date().isoformat()
        if given.kind == "number":
            return given.value or "3"
        return "" if name == "paper" else self.word(where)


def _time(**ahead: float) -> str:
    return (now() + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def _other_time(tried: str) -> str:
    """The present minute where the last ones were refused, and then a time that lies ahead."""
    return _time() if tried < _time() else _time(hours=2)
