"""PSS-10 (Cohen, Kamarck & Mermelstein 1983): items 4, 5, 7 and 8 reversed; 14 and 27 by common use."""

from cases.instruments.instrument import Instrument
from cases.instruments.paper import Text, no_facts, summed

ITEMS = tuple(f"s{number}" for number in range(1, 11))

PSS10 = Instrument(
    code="pss10",
    items=ITEMS,
    most=4,
    bands=((0, "low"), (14, "moderate"), (27, "high")),
    reversed=("s4", "s5", "s7", "s8"),
)
TEXTS = (
    Text("因为发生了意料之外的事而心烦", "been upset because of something that happened unexpectedly"),
    Text("觉得无法控制生活中重要的事", "felt unable to control the important things in your life"),
    Text("感到紧张和有压力", "felt nervous and stressed"),
    Text("对自己处理个人问题的能力有信心", "felt confident about your ability to handle your personal problems"),
    Text("觉得事情正顺着自己的心意发展", "felt that things were going your way"),
    Text("发现自己应付不了所有必须做的事", "found that you could not cope with all the things you had to do"),
    Text("能够控制生活中令人恼火的事", "been able to control irritations in your life"),
    Text("觉得一切都在自己的掌握之中", "felt that you were on top of things"),
    Text("因为事情超出自己的控制而生气", "been angered because of things that were outside of your control"),
    Text(
        "觉得困难堆积得太多，自己无法克服",
        "felt difficulties were piling up so high that you could not overcome them",
    ),
)
PAPER = summed(
    PSS10,
    title=Text("PSS-10 知觉压力量表", "PSS-10 perceived stress"),
    lead=Text("过去一个月，您有多少时候……？", "In the last month, how often have you …"),
    source="Cohen, Kamarck & Mermelstein 1983",
    choices=(
        Text("从不", "Never"),
        Text("偶尔", "Almost never"),
        Text("有时", "Sometimes"),
        Text("时常", "Fairly often"),
        Text("总是", "Very often"),
    ),
    items=dict(zip(ITEMS, TEXTS, strict=True)),
    facts=no_facts,
)
