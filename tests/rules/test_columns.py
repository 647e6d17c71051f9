"""Every column of bytes is named as one of envelopes, or stands here with the reason why no data key opens it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models

from wellbeing.vault.columns import columns
from wellbeing.vault.models import OwnerKind

WRAPPED, HASH, FACT = (
    "a key, itself wrapped",
    "a hash or a keyed one, which opens to nothing",
    "codes in clear, chained",
)
LINK, BLANK = "of a one-time link: what opens it is made of token and code, kept nowhere", "nobody writes it"
NO_ENVELOPE = {
    "access_ended.seal": HASH,
    "audit_event.body": FACT,
    "audit_event.hash": HASH,
    "audit_event.mac": HASH,
    "audit_head.hash": HASH,
    "audit_head.mac": HASH,
    "audit_tile.hashes": HASH,
    "cases_answertry.address": HASH,
    "cases_attachmentrecord.piece": "a stream under the file's own key, which stands in what is sealed of the attachment",
    "cases_call.caller_index": HASH,
    "cases_campaignstudent.code_index": HASH,
    "cases_campaignstudent.student_index": HASH,
    "cases_casegroupobjectpermission.reason": BLANK,
    "cases_casegroupobjectpermission.seal": HASH,
    "cases_caseuserobjectpermission.reason": BLANK,
    "cases_caseuserobjectpermission.seal": HASH,
    "cases_person.student_index": HASH,
    "cases_restriction.mark": HASH,
    "cases_screeningresult.row_key": HASH,
    "people_post.seal": HASH,
    "referrals_link.browser": HASH,
    "referrals_link.digest": HASH,
    "referrals_link.salt": LINK,
    "referrals_link.sealed": LINK,
    "referrals_referralgroupobjectpermission.reason": BLANK,
    "referrals_referralgroupobjectpermission.seal": HASH,
    "referrals_referraluserobjectpermission.reason": BLANK,
    "referrals_referraluserobjectpermission.seal": HASH,
    "signin_factor.credential": "the id of a passkey, public",
    "signin_factor.secret": "under the named key `factor`, which a rotation of the root wraps anew",
    "signin_recoverycode.digest": HASH,
    "signin_tries.key": HASH,
    "vault_datakey.wrapped": WRAPPED,
    "vault_divisionkey.wrapped": WRAPPED,
    "vault_namedkey.wrapped": WRAPPED,
}


def test_every_column_of_bytes_is_accounted_for() -> None:
    fields = [
        (model._meta.db_table, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.BinaryField)
    ]
    named = {f"{one.table}.{one.name}" for one in columns()}
    found = {f"{table}.{field.column}" for table, field in fields}
    assert named | set(NO_ENVELOPE) == found and not named & set(NO_ENVELOPE)
    assert {one.kind for one in columns()} == set(OwnerKind), "a kind of key whose envelopes nobody named"


@pytest.mark.django_db
def test_whoever_rotates_keys_reads_and_writes_every_column_of_envelopes() -> None:
    """And the tables that `owner` and `division` look into: each row of each column has both."""
    with connection.cursor() as cursor:
        for one in columns():
            cursor.execute("SELECT has_column_privilege('wellbeing_keys', %s, %s, 'UPDATE')", [one.table, one.name])
            assert cursor.fetchone() == (True,), one
            cursor.execute(
                "SELECT array_agg(cmd::text ORDER BY cmd) FROM pg_policies"
                " WHERE tablename = %s AND 'wellbeing_keys' = ANY (roles) AND qual = 'true'",
                [one.table],
            )
            assert cursor.fetchone() == (["SELECT", "UPDATE"],), one
            cursor.execute(f"SELECT {one.owner}, {one.division} FROM {one.table} t LIMIT 0")
