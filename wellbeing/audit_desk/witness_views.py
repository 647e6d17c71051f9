"""Where a witness on another machine asks for checkpoints, and brings back what it signed."""

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wellbeing.access.actor import identity
from wellbeing.access.machines import WITNESS
from wellbeing.access.routes import open_to_all
from wellbeing.audit.note import BadNote
from wellbeing.audit.proofs import for_witness, note_cosignature

LONGEST = 1000  # bytes of a cosignature with the name of its witness
SHORTEST_TOKEN = 32
TEXT = "text/plain; charset=utf-8"


@open_to_all
@csrf_exempt  # a machine with a token of its own, and no session that anybody could ride
@require_http_methods(["GET", "POST"])
def checkpoint(request: HttpRequest, since: int) -> HttpResponse:
    """The newest checkpoint with its proof from size `since`; posted, a cosignature is kept. 404 without the token."""
    token, given = settings.AUDIT_WITNESS_TOKEN, request.headers.get("Authorization", "")
    if len(token) < SHORTEST_TOKEN or not compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Http404
    if request.method == "POST":
        try:
            return HttpResponse(note_cosignature(request.read(LONGEST).decode("utf-8", "replace")), content_type=TEXT)
        except BadNote as refused:
            return HttpResponse(f"{refused}\n", content_type=TEXT, status=422)
    try:
        with identity(WITNESS):
            return HttpResponse(for_witness(since), content_type=TEXT)
    except LookupError:
        raise Http404 from None
