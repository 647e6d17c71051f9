"""Forms of signing in and of one's own account: they parse; actions and factors decide."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellbeing.people.models import User
from wellbeing.workdays import now


class SignInForm(AuthenticationForm):
    """Name and password; a first password that was not used in time is none."""

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if isinstance(user, User) and user.first_password_until and user.first_password_until < now():
            raise forms.ValidationError(
                _("This first password has run out. Ask the system administrator for a new one.")
            )


def _code(label: Any, **more: Any) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    return forms.CharField(
        label=label, max_length=20, widget=forms.TextInput(attrs=attrs | {"autofocus": True}), **more
    )


class ConfirmForm(forms.Form):
    """A code of the app or a recovery code, the browser's answer with a passkey, or the password."""

    code = _code(gettext_lazy("Code of the app or recovery code"), required=False)
    answer = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TotpForm(forms.Form):
    """The secret that the page showed, sealed, and a code that the app made of it."""

    secret = forms.CharField(widget=forms.HiddenInput, max_length=400)
    code = _code(gettext_lazy("Six-digit code from the app"))


class PasskeyForm(forms.Form):
    """What the browser answered, and what the owner calls the device."""

    name = forms.CharField(label=gettext_lazy("Name of this passkey"), max_length=40)
    answer = forms.CharField(max_length=8000, widget=forms.HiddenInput)


class ReachForm(forms.Form):
    """Where notices go when nobody looks at the screen."""

    mobile = forms.CharField(
        label=gettext_lazy("Mobile on duty"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class PasswordForm(forms.Form):
    """The present password, and a new one twice."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=128,
        help_text=gettext_lazy(
            "At least 12 characters, and not easy to guess: four or five unrelated words make a good one."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Both must be the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again
