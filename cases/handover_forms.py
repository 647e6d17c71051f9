"""The form of a hand-over: whose cases, to whom, until when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.covering import may_hand, posts_for, takers
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm


class HandOverForm(ActionForm):
    """Two posts and perhaps a day."""

    whose = forms.ChoiceField(label=_("Whose cases"))
    to = forms.ChoiceField(label=_("To whom"))
    until = forms.DateField(
        label=_("Last day (empty: for good)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("After this day they come back by themselves."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=None, **kwargs)
        posts = posts_for(actor)
        self.posts = {str(post.pk): post for post in posts}
        here = {str(pk) for pk in takers(posts).values_list("pk", flat=True)}
        named = [(pk, f"{post.user} · {post.desk.organisation}") for pk, post in self.posts.items()]
        hers = [(pk, text) for pk, text in named if may_hand(actor, self.posts[pk].desk)]
        self.offer("whose", [("", _("Choose")), *hers])
        self.offer("to", [("", _("Choose")), *(one for one in named if one[0] in here)])
        own = next((pk for pk, post in self.posts.items() if post.user_id == actor.id), "")
        self.fields["whose"].initial = own

    def clean(self) -> dict[str, Any]:
        """The same post twice is seen before anybody looks how many cases would go."""
        found = super().clean() or {}
        if found.get("to") and found.get("to") == found.get("whose"):
            self.add_error("to", _("Choose a colleague: these are her own cases."))
        return found
