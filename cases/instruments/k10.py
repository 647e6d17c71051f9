"""K10 (Kessler et al. 2002): ten items from 1 to 5; 20 mild, 25 moderate, 30 severe; 25 or more is high distress."""

from cases.instruments.instrument import Instrument
from cases.instruments.paper import Text, no_facts, summed

K10 = Instrument(
    code="k10",
    items=tuple(f"k{number}" for number in range(1, 11)),
    least=1,
    most=5,
    bands=((10, "none"), (20, "mild"), (25, "moderate"), (30, "severe")),
)
TEXTS = (
    Text("无缘无故感到筋疲力尽", "tired out for no good reason"),
    Text("感到紧张", "nervous"),
    Text("紧张得无论什么都不能使您平静下来", "so nervous that nothing could calm you down"),
    Text("感到没有希望", "hopeless"),
    Text("感到不安或烦躁", "restless or fidgety"),
    Text("不安得无法静坐", "so restless that you could not sit still"),
    Text("感到沮丧", "depressed"),
    Text("感到做每一件事都很费力", "that everything was an effort"),
    Text("悲伤得无论什么都不能使您高兴起来", "so sad that nothing could cheer you up"),
    Text("感到自己没有价值", "worthless"),
)
PAPER = summed(
    K10,
    title=Text("K10 心理困扰量表", "K10 psychological distress"),
    lead=Text("过去四周，您有多少时间……？", "In the past four weeks, about how often did you feel …"),
    source="Kessler et al. 2002",
    choices=(
        Text("没有时间", "None of the time"),
        Text("偶尔", "A little of the time"),
        Text("部分时间", "Some of the time"),
        Text("大部分时间", "Most of the time"),
        Text("所有时间", "All of the time"),
    ),
    items=dict(zip(K10.items, TEXTS, strict=True)),
    facts=no_facts,
)
