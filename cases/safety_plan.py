"""The safety plan (安全计划): six steps and who stays. Pure.

Source: Stanley, B. and Brown, G. K. (2012), Safety Planning Intervention, Cognitive and Behavioral Practice 19:256;
the wording is ours.
"""

from dataclasses import dataclass

from wellbeing.translatable import _


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step: what it is about, and the question that leads to it, as it is put to the person."""

    code: str
    title: str
    question: str


STEPS = (
    PlanStep("signs", _("Warning signs"), _("How do you notice that it is getting worse?")),
    PlanStep("coping", _("What I can do myself"), _("What takes your mind off it without anybody's help?")),
    PlanStep("places", _("People and places that distract me"), _("With whom, or where, do other thoughts come?")),
    PlanStep("helpers", _("Whom I can ask for help"), _("Whom can you tell that it is bad? With telephone numbers.")),
    PlanStep("services", _("Professionals and services"), _("Counsellor, hospital, 2912345, 12356, 120, 110.")),
    PlanStep("surroundings", _("A safer place"), _("What is put away, by whom, until when?")),
)
STAYS = (
    PlanStep("stays", _("Who stays with me"), _("Name, until when, and who comes next.")),
    PlanStep("reason_to_live", _("What is worth living for"), _("The one thing that matters most to you.")),
)
# Who made it together (PRACTICE.md 4.3). They sign by hand: no name is printed on the person's sheet.
SIGNERS = (_("I (signature)"), _("Guardian (signature)"), _("Counsellor (signature)"))
CODES = tuple(step.code for step in (*STEPS, *STAYS))
