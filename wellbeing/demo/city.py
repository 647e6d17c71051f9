"""The demo city: four divisions by their real codes, everything else invented (no real school, person or number)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wellbeing.people.models import Division, OrganisationKind, Role
from wellbeing.people.staffing import StageKind as S

PASSWORD = "haidao-demo-2912345"

DIVISIONS = (
    ("330900", "舟山市(市本级)", "Zhoushan (city)", False),
    ("330902", "定海区", "Dinghai", True),
    ("330903", "普陀区", "Putuo", True),
    ("330921", "岱山县", "Daishan", True),
    ("330922", "嵊泗县", "Shengsi", True),
)

K = OrganisationKind
ORGANISATIONS = (
    ("hotline", K.HOTLINE, "330900", "2912345 心理热线", "Hotline 2912345"),
    ("city-centre", K.CITY_CENTRE, "330900", "市青少年心理发展辅导中心", "City youth centre"),
    ("bureau", K.BUREAU, "330900", "市教育局(示例)", "Education bureau (example)"),
    ("office", K.BUREAU, "330900", "平台运行组(示例)", "Platform office (example)"),
    ("dinghai-centre", K.COUNTY_CENTRE, "330902", "定海区心理辅导中心(示例)", "Dinghai county centre (example)"),
    ("putuo-centre", K.COUNTY_CENTRE, "330903", "普陀区心理辅导中心(示例)", "Putuo county centre (example)"),
    ("daishan-centre", K.COUNTY_CENTRE, "330921", "岱山县心理辅导中心(示例)", "Daishan county centre (example)"),
    ("shengsi-centre", K.COUNTY_CENTRE, "330922", "嵊泗县心理辅导中心(示例)", "Shengsi county centre (example)"),
    ("haiyun-hospital", K.HOSPITAL, "330900", "海云医院心理科(虚构)", "Haiyun hospital (invented)"),
    ("beichen-hospital", K.HOSPITAL, "330903", "北辰医院心身科(虚构)", "Beichen hospital (invented)"),
    ("lulan-clinic", K.CLINIC, "330921", "鹿栏岛卫生院(虚构)", "Lulan island clinic (invented)"),
    ("dengta-clinic", K.CLINIC, "330922", "灯塔岛卫生院(虚构)", "Dengta island clinic (invented)"),
)


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """Code, division, names, stage, pupils, boarding, and its teachers as (number, full-time, fte, on leave)."""

    code: str
    division: str
    name: str
    name_en: str
    stage: S
    enrolment: int
    boarding: bool = False
    staff: Sequence[tuple[str, bool, float, bool]] = ()


FULL, PART = True, False
# Around the boundaries of the plan's rule: 998, 999, 1,000, 1,001, nine-year schools, nobody at all, one on leave, one shared.
SCHOOLS = (
    DemoSchool("yunfan", "330902", "云帆小学", "Yunfan primary", S.PRIMARY, 1236, False, [("T101", FULL, 1, False)]),
    DemoSchool("haitang", "330902", "海棠小学", "Haitang primary", S.PRIMARY, 998, False, [("T102", PART, 0.5, False)]),
    DemoSchool(
        "qingyu",
        "330902",
        "青屿中心小学",
        "Qingyu central primary",
        S.PRIMARY,
        1000,
        False,
        [("T103", PART, 0.5, False)],
    ),
    DemoSchool(
        "xinghe", "330902", "星河初级中学", "Xinghe junior high", S.JUNIOR, 842, False, [("T104", FULL, 1, False)]
    ),
    DemoSchool(
        "wangchao",
        "330902",
        "望潮高级中学",
        "Wangchao senior high",
        S.SENIOR,
        1510,
        True,
        [("T105", FULL, 1, False), ("T106", PART, 0.5, False)],
    ),
    DemoSchool(
        "canglan",
        "330902",
        "沧澜九年一贯制学校",
        "Canglan nine-year school",
        S.NINE_YEAR,
        620,
        True,
        [("T107", FULL, 1, True)],
    ),
    DemoSchool("jinsha", "330903", "金沙小学", "Jinsha primary", S.PRIMARY, 999, False, []),
    DemoSchool(
        "bailang", "330903", "白浪初级中学", "Bailang junior high", S.JUNIOR, 733, False, [("T201", FULL, 1, False)]
    ),
    DemoSchool(
        "yuge", "330903", "渔歌完全中学", "Yuge secondary", S.COMPLETE_SECONDARY, 1288, True, [("T202", FULL, 1, False)]
    ),
    DemoSchool(
        "qihang",
        "330903",
        "启航职业技术学校",
        "Qihang vocational",
        S.VOCATIONAL,
        1974,
        True,
        [("T203", FULL, 1, False)],
    ),
    DemoSchool(
        "linghai",
        "330903",
        "聆海特殊教育学校",
        "Linghai special school",
        S.SPECIAL,
        86,
        True,
        [("T204", PART, 0.5, False)],
    ),
    DemoSchool("chaoyin", "330903", "潮音小学", "Chaoyin primary", S.PRIMARY, 1001, False, [("T205", FULL, 1, False)]),
    DemoSchool(
        "shuangjiao",
        "330921",
        "双礁中心小学",
        "Shuangjiao primary",
        S.PRIMARY,
        655,
        False,
        [("T301", PART, 0.4, False)],
    ),
    DemoSchool(
        "lulan", "330921", "鹿栏初级中学", "Lulan junior high", S.JUNIOR, 410, False, [("T302", FULL, 0.5, False)]
    ),
    DemoSchool(
        "penghai", "330921", "蓬海高级中学", "Penghai senior high", S.SENIOR, 905, True, [("T303", FULL, 1, False)]
    ),
    DemoSchool(
        "yuanting",
        "330921",
        "远汀九年一贯制学校",
        "Yuanting nine-year school",
        S.NINE_YEAR,
        388,
        True,
        [("T302", FULL, 0.5, False)],
    ),
    DemoSchool("liedao", "330922", "列岛小学", "Liedao primary", S.PRIMARY, 412, False, []),
    DemoSchool(
        "dengta", "330922", "灯塔初级中学", "Dengta junior high", S.JUNIOR, 233, True, [("T401", PART, 0.5, False)]
    ),
    DemoSchool(
        "haimen",
        "330922",
        "海门完全中学",
        "Haimen secondary",
        S.COMPLETE_SECONDARY,
        690,
        True,
        [("T402", FULL, 1, False)],
    ),
    DemoSchool("waiyu", "330922", "外屿学校", "Waiyu nine-year school", S.NINE_YEAR, 97, True, []),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast: account, name, and the posts (role at organisation) held."""

    username: str
    name: str
    posts: tuple[tuple[str, str], ...]


CAST = (
    Member("lin", "林晓(热线)", ((Role.HOTLINE_COUNSELLOR, "hotline"),)),
    Member("gao", "高远(热线)", ((Role.HOTLINE_COUNSELLOR, "hotline"),)),
    Member("su", "苏敏(热线督导)", ((Role.HOTLINE_SUPERVISOR, "hotline"),)),
    Member("chen", "陈卓(学校)", ((Role.SCHOOL_COUNSELLOR, "xinghe"),)),
    Member("wu", "吴桐(他校)", ((Role.SCHOOL_COUNSELLOR, "bailang"),)),
    Member("ding", "丁蓉(班主任)", ((Role.REPORTER, "xinghe"),)),
    Member("qiu", "邱澄(分管校领导)", ((Role.SCHOOL_CRISIS_LEAD, "xinghe"),)),
    Member("zhou", "周宁(定海分诊)", ((Role.COUNTY_TRIAGE, "dinghai-centre"),)),
    Member("luo", "罗琪(定海分诊)", ((Role.COUNTY_TRIAGE, "dinghai-centre"),)),
    Member("ye", "叶帆(普陀分诊)", ((Role.COUNTY_TRIAGE, "putuo-centre"),)),
    Member("he", "何川(市中心)", ((Role.CITY_DUTY, "city-centre"),)),
    Member("fang", "方医生(海云)", ((Role.HOSPITAL_LIAISON, "haiyun-hospital"),)),
    Member("tao", "陶医生(北辰)", ((Role.HOSPITAL_LIAISON, "beichen-hospital"),)),
    Member("shen", "沈局(教育局)", ((Role.EDUCATION_ADMIN, "bureau"),)),
    Member("sun", "孙工(系统)", ((Role.SYSTEM_ADMIN, "office"),)),
    Member("an", "安工(安全)", ((Role.SECURITY_ADMIN, "office"),)),
    Member("jian", "简工(审计)", ((Role.AUDIT_ADMIN, "office"),)),
    Member("mallory", "马洛里(无岗)", ()),
)


def divisions() -> list[Division]:
    """The divisions as unsaved rows."""
    return [Division(code=c, name=n, name_en=e, counts_for_target=t) for c, n, e, t in DIVISIONS]
