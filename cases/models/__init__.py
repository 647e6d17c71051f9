"""The record: persons, cases, what is written in them, and the clocks that run on them.

No model holds plaintext. `sealed` columns are envelopes; only cases/access.py opens them.
"""

from cases.models.attachment import Attachment, AttachmentRecord
from cases.models.call import Call
from cases.models.campaign import AnswerTry, CampaignStudent, Interviewed, ScreeningFlag
from cases.models.case import Case, CaseGroupObjectPermission, CaseUserObjectPermission, Channel, CloseReason
from cases.models.consent import ConsentRecord
from cases.models.deadline import Deadline, DeadlineState, Escalation
from cases.models.entry import Assessment, Entry, EntryKind, Section
from cases.models.leave import Leave, LeaveStep
from cases.models.person import Person
from cases.models.policy_version import PolicyVersion
from cases.models.screening import (
    Campaign,
    Consenting,
    ScreeningBatch,
    ScreeningMapping,
    ScreeningPart,
    ScreeningResult,
    ScreeningTally,
)
from cases.models.telling import CallBack, CallBackOutcome, MandatoryReport, ReportKind, Telling, WrittenReport
from cases.models.transfer import Stub, Transfer
from cases.models.warning import Lowering, Warning

__all__ = [
    "AnswerTry",
    "Assessment",
    "Attachment",
    "AttachmentRecord",
    "Call",
    "CallBack",
    "CallBackOutcome",
    "Campaign",
    "CampaignStudent",
    "Case",
    "CaseGroupObjectPermission",
    "CaseUserObjectPermission",
    "Channel",
    "CloseReason",
    "ConsentRecord",
    "Consenting",
    "Deadline",
    "DeadlineState",
    "Entry",
    "EntryKind",
    "Escalation",
    "Interviewed",
    "Leave",
    "LeaveStep",
    "Lowering",
    "MandatoryReport",
    "Person",
    "PolicyVersion",
    "ReportKind",
    "ScreeningBatch",
    "ScreeningFlag",
    "ScreeningMapping",
    "ScreeningPart",
    "ScreeningResult",
    "ScreeningTally",
    "Section",
    "Stub",
    "Telling",
    "Transfer",
    "Warning",
    "WrittenReport",
]
