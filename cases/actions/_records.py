"""What the steps of a request for records share: the state is moved by the table alone, and only once."""

from cases.models import RecordRequest
from cases.record_requests import RECORDS
from wellbeing.errors import WrongState


def move(row: RecordRequest, verb: str) -> None:
    """Move a request that the caller has locked. WrongState where the table has no such step."""
    step = RECORDS.step(row.state, verb)
    if not RecordRequest.objects.filter(pk=row.pk, state=row.state).update(state=step.next):
        raise WrongState(row.state, verb)
    row.state = step.next
