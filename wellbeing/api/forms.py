"""The form on which a token is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm
from wellbeing.api.access import posts_for_tokens
from wellbeing.api.models import scope_text
from wellbeing.api.scopes import SCOPES
from wellbeing.people.desks import desks


class TokenForm(ActionForm):
    """What the program is called, by which post it acts, what it may do, and for how long."""

    name = forms.CharField(label=_("Name of the program"), max_length=60)
    post = forms.ChoiceField(label=_("By which post"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It never may more than you by this post; each tick narrows it to what it needs."),
    )
    days = forms.IntegerField(label=_("Good for how many days (90 at most)"), min_value=1, max_value=90, initial=30)
    because = forms.CharField(
        label=_("What the program is for"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    submit_label = _("Ask for the token")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=None, **kwargs)
        named = {desk.pk: str(desk) for desk in desks(actor.desks)}
        mine = posts_for_tokens(actor)
        posts = [(str(post.id), named[post.desk_id]) for post in actor.posts if post.id in mine]
        self.offer("post", posts)
        self.offer("scopes", [(scope, scope_text(scope)) for scope in SCOPES])

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        values = self.cleaned_data
        kept = {name: values[name] for name in ("name", "scopes", "days", "because", "key")}
        return {**kept, "post_id": int(values["post"])}
