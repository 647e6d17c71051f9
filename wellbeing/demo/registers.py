"""The demo's registers: what the centre has held, the hotline's returns of two years, two incidents at invented schools."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from wellbeing.access.actor import Actor, identity
from wellbeing.demo.red_case import actor
from wellbeing.people.models import Organisation
from wellbeing.registers import actions
from wellbeing.registers.kinds import About, ActivityKind, LineKind
from wellbeing.registers.models import Activity, Incident
from wellbeing.workdays import now

HELD = (
    (ActivityKind.TRAINING, "班主任危机识别与上报培训", 2, "3", 46),
    (ActivityKind.SUPERVISION, "热线接线员个案督导", 1, "2", 6),
    (ActivityKind.EVENT, "“海岛心晴”广场宣教（示例）", 9, "2.5", 310),
    (ActivityKind.CLASS, "亲子沟通公益课", 6, "1.5", 58),
    (ActivityKind.SUPERVISION, "学校心理教师团体督导", 8, "3", 12),
)


def load_registers() -> None:
    """Once: activities of the centre, one incident that is reviewed and one that is under way."""
    with identity(Actor.machine("demo")):
        if Activity.objects.exists():
            return
    he, zhou = actor("he"), actor("zhou")
    at = now()
    for kind, title, ago, hours, reached in HELD:
        day = (at - timedelta(days=ago)).date()
        actions.note_activity(actor=he, kind=kind, title=title, held_on=day, hours=Decimal(hours), reached=reached)
    _years()
    _reviewed(zhou)
    _report(zhou, "wangchao", About.TEACHER, 5, "一名教师在办公室突发情绪崩溃，同事陪同至校医室。")


def _years() -> None:
    """The hotline's last year is confirmed, the running one waits for the bureau."""
    su, shen, this = actor("su"), actor("shen"), now().year
    staff = {
        "psychiatrist_part": 1,
        "therapist_part": 1,
        "counsellor_full": 3,
        "counsellor_part": 14,
        "teacher_part": 6,
    }
    for year, more in ((this - 1, {}), (this, {"counsellor_full": 4, "social_worker_full": 1})):
        made = actions.fill_year(actor=su, year=year, seats=2, hours=Decimal(24), staff=staff | more)
        if year < this:
            actions.confirm_year(actor=shen, hotline_year=made)


def _report(by: Actor, school: str, about: About, hours: int, text: str) -> Incident:
    school_id = Organisation.objects.get(code=school).pk
    when = now() - timedelta(hours=hours)
    made: Incident = actions.report_incident(actor=by, school_id=school_id, about=about, happened_at=when, text=text)
    return made


def _reviewed(by: Actor) -> None:
    one = _report(by, "xinghe", About.STUDENT, 80, "课间，八年级一名学生在教学楼天台徘徊，被巡查老师带离，无人受伤。")
    lines = (
        (LineKind.TOLD, 79.8, "principal", "值班领导到场。"),
        (LineKind.TOLD, 79.5, "guardian", "电话告知监护人，请其到校。"),
        (LineKind.DONE, 79, "", "专职教师陪同面谈，暂不回教室；已另行建立个案并发出预警。"),
        (LineKind.TOLD, 78, "county", "区中心接报，安排当日面谈。"),
    )
    for kind, hours, whom, text in lines:
        when = now() - timedelta(hours=hours)
        actions.write_incident(actor=by, incident=one, kind=kind, at=when, text=text, whom=whom)
    actions.review_incident(
        actor=by,
        incident=one,
        held_at=now() - timedelta(hours=20),
        review="学校分管领导、年级组、区中心参加。发现与带离及时；天台门锁失修已两周。",
        lessons="每周检查天台与高处门窗；课间巡查路线加入天台；全体教师重温“陪同—告知—上报”三步。",
    )
