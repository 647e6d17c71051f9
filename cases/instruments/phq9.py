"""PHQ-9 (Kroenke, Spitzer & Williams 2001) and its adolescent form PHQ-A: free to use, cut-offs 5, 10, 15, 20.

The adolescent form asks items 1 and 2, and 4 and 5, in the other order (NIMH text), so answers go by item code. It
adds two questions that are not scored: serious thoughts in the past month, and an attempt ever.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases.instruments.instrument import Instrument, Result
from cases.instruments.paper import YES_NO, Paper, Question, Reading, Text, summed
from cases.tiers import Facts

BANDS = ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately_severe"), (20, "severe"))
CRITICAL = "better_off_dead"

PHQ9 = Instrument(
    code="phq9",
    items=("interest", "down", "sleep", "tired", "appetite", "failure", "concentration", "movement", CRITICAL),
    most=3,
    bands=BANDS,
    critical=(CRITICAL,),
)
PHQA = Instrument(
    code="phqa",
    items=("down", "interest", "sleep", "appetite", "tired", "failure", "concentration", "movement", CRITICAL),
    most=3,
    bands=BANDS,
    critical=(CRITICAL,),
)
HOW_OFTEN = (
    Text("完全不会", "Not at all"),
    Text("好几天", "Several days"),
    Text("一半以上的天数", "More than half the days"),
    Text("几乎每天", "Nearly every day"),
)
LEAD = Text(
    "过去两周，您有多少时间受到以下问题困扰？",
    "Over the last two weeks, how often have you been bothered by any of the following problems?",
)
ITEMS = {
    "interest": Text("做事时提不起劲或没有兴趣", "Little interest or pleasure in doing things"),
    "down": Text("感到心情低落、沮丧或绝望", "Feeling down, depressed, or hopeless"),
    "sleep": Text("入睡困难、睡不安稳或睡眠过多", "Trouble falling or staying asleep, or sleeping too much"),
    "tired": Text("感觉疲倦或没有活力", "Feeling tired or having little energy"),
    "appetite": Text("食欲不振或吃太多", "Poor appetite or overeating"),
    "failure": Text(
        "觉得自己很糟，或觉得自己很失败，或让自己、家人失望",
        "Feeling bad about yourself, or that you are a failure or have let yourself or your family down",
    ),
    "concentration": Text(
        "对事物专注有困难，例如看书看报或看电视时",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
    ),
    "movement": Text(
        "动作或说话缓慢到别人已经察觉；或正好相反，烦躁或坐立不安、动来动去的情况更胜于平常",
        "Moving or speaking so slowly that other people could have noticed; or the opposite, being so fidgety or"
        " restless that you have been moving around a lot more than usual",
    ),
    CRITICAL: Text(
        "有不如死掉或用某种方式伤害自己的念头",
        "Thoughts that you would be better off dead, or of hurting yourself in some way",
    ),
}
ADOLESCENT = ITEMS | {
    "down": Text("感到心情低落、沮丧、烦躁或绝望", "Feeling down, depressed, irritable, or hopeless"),
    "appetite": Text("食欲不振、体重下降或吃太多", "Poor appetite, weight loss, or overeating"),
    "concentration": Text(
        "对事物专注有困难，例如做作业、看书或看电视时",
        "Trouble concentrating on things like school work, reading, or watching TV",
    ),
}
THOUGHTS, ATTEMPT = "serious_thoughts", "ever_attempt"
UNSCORED = (
    Question(
        THOUGHTS,
        Text(
            "过去一个月里，是否曾认真想过结束自己的生命？",
            "Has there been a time in the past month when you have had serious thoughts about ending your life?",
        ),
        YES_NO,
        critical=True,
    ),
    Question(
        ATTEMPT,
        Text(
            "一生中是否曾试图自杀或结束自己的生命？",
            "Have you ever, in your whole life, tried to kill yourself or made a suicide attempt?",
        ),
        YES_NO,
        critical=True,
    ),
)


def _facts(result: Result) -> Facts:
    """An incomplete form still tells its item 9."""
    return Facts(phq_total=result.whole, item9=next(iter(result.critical.values()), None))


PAPER = summed(
    PHQ9,
    title=Text("PHQ-9 抑郁自评量表", "PHQ-9 depression"),
    lead=LEAD,
    source="Kroenke, Spitzer & Williams 2001",
    choices=HOW_OFTEN,
    items=ITEMS,
    facts=_facts,
)
_SUMMED = summed(
    PHQA,
    title=Text("PHQ-A 抑郁自评量表（青少年版）", "PHQ-A depression, adolescents"),
    lead=LEAD,
    source="Johnson, Harris, Spitzer & Williams 2002",
    choices=HOW_OFTEN,
    items=ADOLESCENT,
    facts=_facts,
)


def _adolescent(answers: Mapping[str, Any]) -> Reading:
    more = (THOUGHTS, ATTEMPT)
    read = _SUMMED.reads({code: value for code, value in answers.items() if code not in more})
    said = {code for code in more if answers.get(code) == "yes"}
    critical = {**read.result.critical, **dict.fromkeys(sorted(said), 1)}
    facts = replace(read.facts, thoughts="active" if THOUGHTS in said else "none", past_attempt=ATTEMPT in said)
    return Reading(replace(read.result, critical=critical), facts, read.wanting)


ADOLESCENT_PAPER: Paper = replace(_SUMMED, questions=(*_SUMMED.questions, *UNSCORED), reads=_adolescent)
