"""E-mail over SMTP, to the work address of an account."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from wellbeing.outbox.channels.refused import Refused
from wellbeing.outbox.channels.words import TITLE, words
from wellbeing.outbox.models import Notice


def configured() -> bool:
    return bool(settings.EMAIL_URL)


def send(notices: Sequence[Notice]) -> None:
    """Send each notice; the notice's id is the message's, so a mail that comes twice is seen as one."""
    line = get_connection()
    for notice in notices:
        if notice.user is None or not notice.user.private.email:
            raise Refused("no address")
        headers = {"Message-ID": f"<{notice.pk}@notices.invalid>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            TITLE,
            words(notice.tier),
            settings.DEFAULT_FROM_EMAIL,
            [notice.user.private.email],
            connection=line,
            headers=headers,
        )
        try:
            mail.send()
        except SMTPRecipientsRefused:
            raise Refused("the address is not known") from None
