"""GAD-7 (Spitzer et al. 2006): free to use, cut-offs 5, 10, 15."""

from cases.instruments.instrument import Instrument, Result
from cases.instruments.paper import Text, summed
from cases.instruments.phq9 import HOW_OFTEN
from cases.tiers import Facts

GAD7 = Instrument(
    code="gad7",
    items=("nervous", "control", "worry", "relax", "restless", "irritable", "afraid"),
    most=3,
    bands=((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
)
ITEMS = {
    "nervous": Text("感觉紧张、焦虑或急切", "Feeling nervous, anxious or on edge"),
    "control": Text("不能停止或控制担忧", "Not being able to stop or control worrying"),
    "worry": Text("对各种各样的事情担忧过多", "Worrying too much about different things"),
    "relax": Text("很难放松下来", "Trouble relaxing"),
    "restless": Text("由于不安而无法静坐", "Being so restless that it is hard to sit still"),
    "irritable": Text("变得容易烦恼或急躁", "Becoming easily annoyed or irritable"),
    "afraid": Text("害怕将有可怕的事情发生", "Feeling afraid as if something awful might happen"),
}


def _facts(result: Result) -> Facts:
    return Facts(gad_total=result.whole)


PAPER = summed(
    GAD7,
    title=Text("GAD-7 焦虑自评量表", "GAD-7 anxiety"),
    lead=Text(
        "过去两周，您有多少时间受到以下问题困扰？",
        "Over the last two weeks, how often have you been bothered by the following problems?",
    ),
    source="Spitzer, Kroenke, Williams & Löwe 2006",
    choices=HOW_OFTEN,
    items=ITEMS,
    facts=_facts,
)
