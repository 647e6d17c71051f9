"""Mandatory reports (强制报告): the nine grounds and where a report goes. Pure.

Source: Law on the Protection of Minors, art. 11; opinion of nine departments on mandatory reporting (May 2020),
PRACTICE.md 1.3.
"""

from enum import StrEnum

from wellbeing.translatable import _


class Ground(StrEnum):
    """The nine grounds."""

    GENITAL_INJURY = "genital_injury"
    UNDER_14 = "under_14"
    OVER_14 = "over_14"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    ABANDONED = "abandoned"
    MISSING = "missing"
    BEGGING = "begging"
    OTHER = "other"


class Authority(StrEnum):
    """To whom a report goes."""

    POLICE = "police"
    EDUCATION = "education"
    CIVIL_AFFAIRS = "civil_affairs"
    PROCURATORATE = "procuratorate"


GROUND_TEXT = {
    Ground.GENITAL_INJURY: _("Injury of private parts"),
    Ground.UNDER_14: _("A girl under 14: sexual contact, pregnancy or abortion"),
    Ground.OVER_14: _("A girl of 14 or more: pregnancy or abortion after suspected assault"),
    Ground.VIOLENCE: _("Several injuries, malnutrition or unconsciousness after suspected violence, abuse or drugging"),
    Ground.SELF_HARM: _("Suicide, self-harm, poisoning or beating with injury, disability or death"),
    Ground.ABANDONED: _("Abandoned, or left alone for long"),
    Ground.MISSING: _("Of unknown origin, missing, or trafficked"),
    Ground.BEGGING: _("Organised to beg"),
    Ground.OTHER: _("Other serious harm or a present danger of it"),
}
AUTHORITY_TEXT = {
    Authority.POLICE: _("Police"),
    Authority.EDUCATION: _("Education bureau"),
    Authority.CIVIL_AFFAIRS: _("Civil affairs"),
    Authority.PROCURATORATE: _("Procuratorate"),
}
