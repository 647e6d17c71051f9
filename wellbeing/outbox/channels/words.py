"""What a notice says outside the page: that something waits, its colour where policy allows it, and nothing else.

No name, no reference, no address with a reference: a telephone lies on a table and a mail is read over a shoulder.
"""

TITLE = "舟山学生心理守护平台"
COLOURS = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}


def words(tier: str) -> str:
    """The one sentence, in Chinese whatever the reader's language: it goes to staff of this city."""
    colour = COLOURS.get(tier, "")
    matter = f"待处理的{colour}事项" if colour else "待处理事项"
    return f"你有一条{matter}，请登录{TITLE}处理。"
