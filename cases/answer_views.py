"""The pages on which students answer, on a telephone or in the computer room, with a one-time code.

Nothing is kept in the browser: no cookie, no storage, no page in its cache; the code and what was answered so far
travel in the body of each form. The code is the only credential, so a forged form could do no more than a typed one.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.campaign_access import just_answered, may_try, student_of
from cases.display import worded
from cases.instruments import PAPERS
from cases.instruments.paper import Question
from wellbeing.access.actor import identity
from wellbeing.access.machines import ANSWERS
from wellbeing.access.routes import open_to_all
from wellbeing.errors import Invalid
from wellbeing.ids import whole
from wellbeing.signin.lockout import address_of

GROUP = 3  # questions on one page: what a telephone shows
Answers = dict[str, dict[str, Any]]


@open_to_all
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """The code, then one group of questions at a time, then thanks."""
    code = request.POST.get("code", "").strip()
    if request.method == "GET" or not code:
        return _page(request, "answer/code.html", {})
    address = address_of(request)
    with identity(ANSWERS):
        allowed = may_try(address)
        one = student_of(code) if allowed else None
    if one is None:
        if allowed and (thanks := _handed_in_before(request, code)):
            return thanks
        if allowed:
            actions.note_try(actor=ANSWERS, address=address)
        said = _("This code does not open anything, or has been used.") if allowed else _("Please wait ten minutes.")
        return _page(request, "answer/code.html", {"fault": said}, status=422)
    groups = _groups(one.campaign.codes.split(","))
    answers, step = _given(request, groups), _step(request, len(groups))
    if step >= len(groups):
        try:
            actions.give_answers(actor=ANSWERS, code=code, answers=answers)
        except Invalid as refused:
            # two taps at once: the first has been waited for by now
            fault = {"fault": refused.message}
            return _handed_in_before(request, code) or _page(request, "answer/code.html", fault, status=422)
        return _thanks(request, groups)
    paper, questions = groups[step]
    context = {
        "code": code,
        "step": step,
        "number": step + 1,
        "of": len(groups),
        "lead": worded(PAPERS[paper].lead),
        "lines": [_line(paper, question, answers) for question in questions],
        "kept": [(f"{p}-{item}", value) for p, given in answers.items() for item, value in given.items()
                 if (p, item) not in {(paper, question.code) for question in questions}],
        "worried": _worried(groups[:step], answers),
    }  # fmt: skip
    return _page(request, "answer/questions.html", context)


def _handed_in_before(request: HttpRequest, code: str) -> HttpResponse | None:
    """The thanks once more, for answers that came in a moment ago: a second tap, or a page that was sent again, takes
    nobody's help away and counts for no wrong code. None for anything else."""
    with identity(ANSWERS):
        one = just_answered(code)
    groups = _groups(one.campaign.codes.split(",")) if one else []
    return _thanks(request, groups, again=True) if one and _step(request, len(groups)) == len(groups) else None


def _thanks(request: HttpRequest, groups: list[tuple[str, list[Question]]], *, again: bool = False) -> HttpResponse:
    context = {"worried": _worried(groups, _given(request, groups)), "again": again}
    return _page(request, "answer/thanks.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _groups(codes: list[str]) -> list[tuple[str, list[Question]]]:
    return [
        (code, list(PAPERS[code].questions[start : start + GROUP]))
        for code in codes
        for start in range(0, len(PAPERS[code].questions), GROUP)
    ]


def _given(request: HttpRequest, groups: list[tuple[str, list[Question]]]) -> Answers:
    """What the form carries, as far as the papers have such an answer."""
    found: Answers = {}
    for paper, questions in groups:
        for question in questions:
            text = request.POST.get(f"{paper}-{question.code}", "")
            value = next((code for code, _text in question.choices if str(code) == text), None)
            if value is not None:
                found.setdefault(paper, {})[question.code] = value
    return found


def _step(request: HttpRequest, most: int) -> int:
    """The group to show: the next one, or the one before when that was asked for."""
    shown = whole(request.POST.get("step", ""))
    if shown is None:
        return 0
    step = shown + (-1 if request.POST.get("go") == "back" else 1)
    return min(max(step, 0), most)


def _worried(groups: list[tuple[str, list[Question]]], answers: Answers) -> bool:
    """Whether something was answered at which help must stand on the page at once."""
    critical = [(paper, one) for paper, questions in groups for one in questions if one.critical]
    return any(answers.get(paper, {}).get(one.code) not in (None, 0, "no") for paper, one in critical)


def _line(paper: str, question: Question, answers: Answers) -> dict[str, Any]:
    chosen = answers.get(paper, {}).get(question.code)
    return {
        "name": f"{paper}-{question.code}",
        "text": worded(question.text),
        "critical": question.critical,
        "options": [(str(code), worded(text), code == chosen) for code, text in question.choices],
    }
