"""The record: persons, cases, what is written in them, and the clocks that run on them.

No model holds plaintext. `sealed` columns are envelopes; only cases/access.py opens them.
"""

from cases.models.asking import SealedAsk, SealedReason
from cases.models.attachment import Attachment, AttachmentRecord
from cases.models.ballot import Ballot
from cases.models.break_glass import BreakGlass, GlassReason, Verdict
from cases.models.call import Call
from cases.models.caller import CallerAsk, CallerNumber, CallerReason
from cases.models.campaign import AnswerTry, CampaignStudent, Interviewed, ScreeningFlag
from cases.models.case import Case, CaseGroupObjectPermission, CaseUserObjectPermission, Channel, CloseReason
from cases.models.consent import ConsentRecord
from cases.models.contact_stop import ContactStop
from cases.models.deadline import Deadline, DeadlineState, Escalation
from cases.models.draft import Draft, ShiftNote
from cases.models.entry import Assessment, Entry, EntryKind, Section
from cases.models.export import Export
from cases.models.handover import Handover, HandoverCase
from cases.models.leave import Leave, LeaveStep
from cases.models.paper_sheet import PaperSheet
from cases.models.person import Person
from cases.models.policy_version import PolicyVersion
from cases.models.record_request import RecordAnswer, RecordRequest
from cases.models.restriction import Ended, Restriction
from cases.models.retention import Erasure, LegalHold
from cases.models.review import Debriefing, Review
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
from cases.models.transfer import Stub, Successor, Transfer
from cases.models.warning import Lowering, Warning

__all__ = [
    "AnswerTry",
    "Assessment",
    "Attachment",
    "AttachmentRecord",
    "Ballot",
    "BreakGlass",
    "Call",
    "CallBack",
    "CallBackOutcome",
    "CallerAsk",
    "CallerNumber",
    "CallerReason",
    "Campaign",
    "CampaignStudent",
    "Case",
    "CaseGroupObjectPermission",
    "CaseUserObjectPermission",
    "Channel",
    "CloseReason",
    "ConsentRecord",
    "Consenting",
    "ContactStop",
    "Deadline",
    "DeadlineState",
    "Debriefing",
    "Draft",
    "Ended",
    "Entry",
    "EntryKind",
    "Erasure",
    "Escalation",
    "Export",
    "GlassReason",
    "Handover",
    "HandoverCase",
    "Interviewed",
    "Leave",
    "LeaveStep",
    "LegalHold",
    "Lowering",
    "MandatoryReport",
    "PaperSheet",
    "Person",
    "PolicyVersion",
    "RecordAnswer",
    "RecordRequest",
    "ReportKind",
    "Restriction",
    "Review",
    "ScreeningBatch",
    "ScreeningFlag",
    "ScreeningMapping",
    "ScreeningPart",
    "ScreeningResult",
    "ScreeningTally",
    "SealedAsk",
    "SealedReason",
    "Section",
    "ShiftNote",
    "Stub",
    "Successor",
    "Telling",
    "Transfer",
    "Verdict",
    "Warning",
    "WrittenReport",
]
