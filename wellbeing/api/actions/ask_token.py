"""Ask for a token of the API, by one's own post; it counts once the security administrator has confirmed it."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.api.access import posts_for_tokens
from wellbeing.api.models import ApiToken
from wellbeing.api.scopes import SCOPES
from wellbeing.api.tokens import LONGEST, new_token
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid
from wellbeing.people.models import Role
from wellbeing.people.telling import tell_desks
from wellbeing.workdays import now


@action(P.TOKEN_ASK, fresh=True)
def ask_token(*, actor: Actor, post_id: int, name: str, scopes: Sequence[str], days: int, because: str) -> Outcome[str]:
    """Answers with the token, which is shown once and kept nowhere; sent again, with None. Raises Invalid by field for
    a post that is not hers, a scope that there is not, none, or more than 90 days."""
    if post_id not in posts_for_tokens(actor):
        raise Invalid("post", _("Choose one of your own posts."))
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid("scopes", _("Choose what the program may do."))
    if not 1 <= days <= LONGEST.days:
        raise Invalid("days", _("A token is good for 1 to {n} days.").format(n=LONGEST.days))
    if not because.strip():
        raise Invalid("because", _("Say what the program is for."))
    word, prefix, digest = new_token()
    made = ApiToken(
        user_id=actor.person,
        post_id=post_id,
        name=name.strip(),
        because=because.strip(),
        scopes=sorted(set(scopes)),
        prefix=prefix,
        digest=digest,
        asked_at=now(),
        expires_at=now() + timedelta(days=days),
    )
    made.save(force_insert=True)
    tell_desks(Role.SECURITY_ADMIN, kind="token_waits", target="tokens", key=str(made.pk))
    facts = {"token": made.pk, "asked_for": post_id, "scopes": len(made.scopes), "days": days}
    return Outcome(word, stream=user_stream(actor.id), facts=facts)
