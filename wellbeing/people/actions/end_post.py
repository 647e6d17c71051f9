"""End a post, at once or after a last day; what its holder was granted personally ends with it."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor, identity
from wellbeing.access.ending import end_personal
from wellbeing.access.machines import POSTS
from wellbeing.access.permissions import P
from wellbeing.access.rights import ADMINISTRATORS
from wellbeing.action import Outcome, action
from wellbeing.audit.record import user_stream
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.post import post as post_notice
from wellbeing.people import leaving
from wellbeing.people.absences import above
from wellbeing.people.actions._account import note
from wellbeing.people.appointing import keep_the_last
from wellbeing.people.desks import NoDesk, serving
from wellbeing.people.models import AccountAct, Post, Role
from wellbeing.workdays import now


@action(P.POST_END, fresh=True)
def end_post(*, actor: Actor, post: Post, last_day: date | None, because: str) -> Outcome[None]:
    """Without a last day at once: rights of the desk and personal grants end in this transaction. With one they end
    when it has passed (access.ending.sweep_ended). One that has not begun is taken back, and nothing ends with it.
    Whoever watches over a desk that is left with nobody is told now. Raises Invalid for the last administrator of a
    kind, for one's own post, without a reason or for a day that has passed; WrongState when it has ended."""
    today = now().date()
    if post.ends_on is not None and post.ends_on < today:
        raise WrongState("ended", "end_post")
    if last_day is not None and last_day < max(today, post.starts_on):
        raise Invalid("last_day", _("The last day is today or later. Leave it empty to end the post at once."))
    if last_day is not None and post.ends_on is not None and last_day > post.ends_on:
        raise Invalid("last_day", _("The post ends before that day. A longer one is proposed and confirmed anew."))
    keep_the_last(post)
    note(actor, post.user, AccountAct.ENDED, because, post.desk)
    last = last_day or max(today, post.starts_on) - timedelta(days=1)
    post.end(last)
    ended = 0
    if last_day is None and post.starts_on <= today:  # one that has not begun has opened nothing, and another may
        post.user.groups.remove(post.desk.group)
        with identity(POSTS):
            ended = end_personal(post.user_id)
        leaving.leave(post)
    if post.starts_on <= max(today, last):
        _tell_above(post, last)
    facts = {"post": post.pk, "desk": post.desk_id, "ended": ended, "at_once": last_day is None}
    facts["last_day"] = last.toordinal()
    return Outcome(None, stream=user_stream(post.user_id), facts=facts)


def _tell_above(post: Post, last: date) -> None:
    """Warnings to a desk without anybody go up at once, and clocks that run there when they are due: whoever is above
    gives its cases to somebody before that."""
    others = Post.objects.filter(desk=post.desk_id).exclude(pk=post.pk)
    if post.desk.role in ADMINISTRATORS or serving(others, last + timedelta(days=1)).exists():
        return
    try:
        told = above(post.desk)
    except NoDesk:
        return
    opens = told.role in (Role.COUNTY_TRIAGE, Role.CITY_DUTY)
    key = f"desk_left:{post.pk}:{last}"
    post_notice(kind="desk_left", target="handovers" if opens else "", desk_id=told.pk, dedupe_key=key)
