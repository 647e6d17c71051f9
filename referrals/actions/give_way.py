"""Give way to an emergency (让路): another desk sends the person at once, and this referral ends for it."""

from django.db import connection

from referrals.actions._ending import end
from referrals.actions._journey import move, note, tell
from referrals.flow import sender
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.REFERRAL_GIVE_WAY)
def give_way(*, actor: Actor, referral: Referral) -> Outcome[Referral]:
    """End it, from wherever it is, and tell every desk that had a part in it; none learns where the emergency goes.

    One referral of a case is open at a time, and an emergency is never blocked (DOMAIN.md, Green channel). The channel
    does it for a desk that may not see this referral. The key of its letter is destroyed at once: that it was given,
    and to whom, stays on the page.
    """
    keeps = getattr(referral, sender(referral.state))
    part = {referral.from_desk_id, referral.to_desk_id, referral.asked_by_id} - {None}
    move(referral, "give_way", actor=actor, desk_id=None)
    note(referral, "gave_way", desk_id=None)
    tell(referral, "gave_way", sorted(part))
    facts = {
        "referral": referral.pk,
        "grants_ended": end(referral, actor, readers=[keeps]),
        "keys_destroyed": _destroy_letters(referral),
    }
    return Outcome(referral, stream=referral.case_id, facts=facts)


def _destroy_letters(referral: Referral) -> int:
    """Destroy the keys of its letters, by the database itself: a machine sees neither packets nor keys, and of a
    referral that is open nothing goes. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_destroy_letters(%s)", [referral.pk])
        destroyed: int = cursor.fetchone()[0]
    return destroyed
