"""The help of a screen, and the steps of the guide of a first visit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.ids import whole
from wellbeing.signin import actions
from wellbeing.web.guide import STEP, pages
from wellbeing.web.help import SCREENS, START


@requires(P.HOME_SEE)
@require_safe
def help_page(request: HttpRequest, topic: str = START) -> HttpResponse:
    """One screen's help, and the names of the others."""
    if topic not in SCREENS:
        raise Http404
    actor: Actor = request.actor  # type: ignore[attr-defined]
    others = [{"topic": name, "title": screen.title, "here": name == topic} for name, screen in SCREENS.items()]
    page = {"screen": SCREENS[topic], "topics": others, "prints": may(actor, P.PAPER_PRINT)}
    return render(request, "web/help.html", page)


@requires(P.ACCOUNT_KEEP)
@require_POST
def guide(request: HttpRequest) -> HttpResponse:
    """To the next step's page; skipped, or past the last one, home, and it is not offered again."""
    found, wanted = pages(request), whole(request.POST.get("step", ""))
    if wanted and wanted <= len(found):
        request.session[STEP] = wanted
        return redirect(found[wanted - 1])
    request.session.pop(STEP, None)
    actions.end_guide(actor=request.actor)  # type: ignore[attr-defined]
    return redirect("home")
