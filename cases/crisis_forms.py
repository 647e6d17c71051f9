"""The forms of a crisis: who is told, call-backs, the safety plan, reports, pauses.

What is allowed is decided behind the doors.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases import safety_plan
from cases.actions import paused_before, second_desks
from cases.clocks import CLOCK_TEXT, ClockKind
from cases.consent import CONSENT_TEXT, NOT_SOUGHT_TEXT, RELATION_TEXT
from cases.mandatory import AUTHORITY_TEXT, GROUND_TEXT
from cases.models import CallBackOutcome, Deadline, DeadlineState, ReportKind
from cases.pausing import PAUSE_TEXT, goes_up, longest
from cases.queues import running_clocks
from cases.telling import HOW_TEXT, TOLD_TEXT, WHOM_TEXT
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, ReplacingForm, moment_field
from wellbeing.people.desks import colleagues


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _scale(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=100)


class TellForm(ActionForm):
    """Whom, what came of it, how, when; the name and a note are sealed."""

    from_address = ("whom",)
    whom = forms.ChoiceField(label=_("Who is told"), widget=forms.RadioSelect)
    told = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect, initial="told")
    how = forms.ChoiceField(label=_("How it was told"), widget=forms.RadioSelect, required=False)
    at = moment_field(_("When (now when empty)"), required=False)
    name = forms.CharField(label=_("Name of whoever was told"), required=False, max_length=80)
    number = forms.CharField(label=_("Their incident number (110, 120, 12395)"), required=False, max_length=40)
    note = forms.CharField(label=_("What was said, or why not"), required=False, widget=_words())

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("whom", [(code, _now(text)) for code, text in WHOM_TEXT.items() if code != "county"])
        self.offer("told", [(code, _now(text)) for code, text in TOLD_TEXT.items()])
        self.offer("how", [(code, _now(text)) for code, text in HOW_TEXT.items()])


class ConsentForm(ActionForm):
    """What the guardian answered, who it was, how; or why nobody was asked, and with whom that was decided."""

    outcome = forms.ChoiceField(label=_("The guardian's answer"), widget=forms.RadioSelect)
    relation = forms.ChoiceField(label=_("Who answered"), widget=forms.RadioSelect, required=False)
    who = forms.CharField(label=_("Name of whoever answered"), required=False, max_length=80)
    how = forms.ChoiceField(label=_("How it was given"), widget=forms.RadioSelect, required=False)
    at = moment_field(_("When (now when empty)"), required=False)
    separate = forms.BooleanField(label=_("Under fourteen: the guardian consented separately"), required=False)
    document = forms.CharField(label=_("Signed paper (number or where it is)"), required=False, max_length=80)
    reason = forms.CharField(label=_("Reason of a refusal, and what was explained"), required=False, widget=_words())
    why_not = forms.ChoiceField(label=_("Not sought, because"), widget=forms.RadioSelect, required=False)
    second = forms.ChoiceField(label=_("Second person who decides that it is not sought"), required=False)
    submit_label = _("Record")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        for name, texts in (
            ("outcome", CONSENT_TEXT),
            ("relation", RELATION_TEXT),
            ("how", HOW_TEXT),
            ("why_not", NOT_SOUGHT_TEXT),
        ):
            self.offer(name, [(code, _now(text)) for code, text in texts.items()])
        known = colleagues(second_desks(actor, target), but=actor.person)
        self.offer("second", [("", _("Nobody")), *((str(user.pk), str(user)) for user in known)])


class HomeWatchForm(ActionForm):
    """Who watches at home, for what, and whom to call."""

    watch = forms.CharField(label=_("Who watches, when and how"), required=False, widget=_words())
    signs = forms.CharField(label=_("Warning signs"), required=False, widget=_words(2))
    contacts = forms.CharField(label=_("Whom to call"), required=False, widget=_words(2))


class CallBackForm(ActionForm):
    """One try to call back, with the three scales as the person says them."""

    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    hope = _scale(_("Hope now, 0-100"))
    distress = _scale(_("Distress now, 0-100"))
    intent = _scale(_("Intent to die now, 0-100"))
    note = forms.CharField(label=_("How it goes"), required=False, widget=_words(4))

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("outcome", [one for one in CallBackOutcome.choices if one[0] != CallBackOutcome.TAKEN_BACK])


class SafetyPlanForm(ReplacingForm):
    """The six steps in the person's own words, and who stays."""

    codes = safety_plan.CODES

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        for step in (*safety_plan.STEPS, *safety_plan.STAYS):
            self.fields[step.code] = forms.CharField(
                label=_now(step.title), help_text=_now(step.question), required=False, widget=_words(), max_length=4000
            )

    def words(self) -> dict[str, Any]:
        return {code: self.cleaned_data.get(code) for code in self.codes}


class MandatoryForm(ActionForm):
    """The ground, the authority, and the receipt."""

    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    authority = forms.ChoiceField(label=_("Reported to"), widget=forms.RadioSelect)
    at = moment_field(_("When (now when empty)"), required=False)
    reported_to = forms.CharField(label=_("Name or number of whoever took it"), required=False, max_length=80)
    receipt_no = forms.CharField(label=_("Receipt number (may follow)"), required=False, max_length=60)
    note = forms.CharField(label=_("What was reported"), required=False, widget=_words())

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("ground", [(code, _now(text)) for code, text in GROUND_TEXT.items()])
        self.offer("authority", [(code, _now(text)) for code, text in AUTHORITY_TEXT.items()])


class ReceiptForm(ActionForm):
    """The number under which an authority took a report."""

    receipt_no = forms.CharField(label=_("Receipt number"), max_length=60, required=False)
    note = forms.CharField(label=_("What the authority answered"), required=False, widget=_words())


class ReportForm(ActionForm):
    """What its author adds to the record."""

    kind = forms.ChoiceField(label=_("Which report"), widget=forms.RadioSelect)
    summary = forms.CharField(label=_("How things stand"), required=False, widget=_words(5))
    measures = forms.CharField(label=_("What was done"), required=False, widget=_words())
    next_steps = forms.CharField(label=_("What happens next"), required=False, widget=_words())

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("kind", ReportKind.choices)
        kinds = {clock.kind for clock in running_clocks(target)}
        self.fields["kind"].initial = ReportKind.NEXT if ClockKind.NEXT_REPORT in kinds else ReportKind.FIRST


class _ClockForm(ActionForm):
    from_address = ("kind",)
    state = DeadlineState.RUNNING
    kind = forms.ChoiceField(label=_("Clock"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("kind", [(one.kind, _now(CLOCK_TEXT[ClockKind(one.kind)])) for one in self.clocks(target)])

    def clocks(self, target: Any) -> list[Deadline]:
        return [one for one in running_clocks(target) if one.state == self.state]


class PauseForm(_ClockForm):
    """Which clock, why it stands still, and until when."""

    why = forms.ChoiceField(
        label=_("Why it stands still"), widget=forms.RadioSelect, help_text=_("Shown on the board beside your name.")
    )
    until = moment_field(
        _("Until when (as long as policy allows when empty)"),
        required=False,
        help_text=_("Then it goes on by itself, and its desk is told."),
    )
    because = forms.CharField(label=_("In your own words, sealed in the file"), required=False, widget=_words())
    goes_up = _("%(clock)s · has stood still already: a desk above decides")
    at_most = _("%(clock)s · %(hours)s hours at most")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        found = self.clocks(target)
        allowed = {code for one in found for code in one.policy.policy().pause_reasons}
        self.offer("why", [(code, _now(text)) for code, text in PAUSE_TEXT.items() if code in allowed])
        self.offer("kind", [(one.kind, self._said(one)) for one in found])

    def _said(self, clock: Deadline) -> str:
        """A clock with how long it may stand, or that a desk above decides by now."""
        policy, name = clock.policy.policy(), _now(CLOCK_TEXT[ClockKind(clock.kind)])
        if goes_up(paused_before(clock)[0], policy):
            return str(self.goes_up % {"clock": name})
        hours = int(longest(Tier(clock.tier), policy).total_seconds() // 3600)
        return str(self.at_most % {"clock": name, "hours": hours})

    def clocks(self, target: Any) -> list[Deadline]:
        return [one for one in super().clocks(target) if one.kind in one.policy.policy().pausable]


class ResumeForm(_ClockForm):
    """Which of the paused clocks goes on."""

    state = DeadlineState.PAUSED


class AgreeForm(ActionForm):
    """What a teacher agreed to."""

    words = forms.CharField(label=_("What was agreed, in her or his own words"), required=False, widget=_words())
