"""The tables of referrals as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import referrals.models.referral
import wellbeing.ids
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ("referrals", name)
        for name in (
            "0001_initial", "0003_codes", "0004_triage", "0005_islands_and_slots", "0006_queue",
            "0007_purposes", "0008_packets", "0009_links", "0010_proposed_times", "0011_figures_of_a_day",
            "0012_links_propose", "0013_keys", "0014_given_access", "0015_record_requests",
        )
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('cases', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Referral',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(default=referrals.models.referral.referral_reference, max_length=16, unique=True)),
                        ('tier', models.CharField(max_length=6)),
                        ('state', models.CharField(max_length=20)),
                        ('emergency', models.BooleanField(default=False)),
                        ('consent', models.CharField(blank=True, choices=[('given', 'Given by the guardian'), ('refused', 'Refused by the guardian'), ('not_sought', 'Not sought: it would endanger, or there is no time'), ('withdrawn', 'Taken back by the guardian')], max_length=12)),
                        ('opened_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                        ('from_desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('to_desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('asked_for', models.JSONField(default=list)),
                        ('held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('held_since', models.DateTimeField(null=True)),
                        ('why', models.CharField(blank=True, choices=[('not_needed', 'Help nearer by is enough'), ('under_way', 'Help is under way already'), ('age', 'Not for this age'), ('full', 'No place in time'), ('other', 'Another reason, written below')], max_length=16)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('due_kind', models.CharField(blank=True, max_length=16)),
                        ('tier_rank', models.PositiveSmallIntegerField(default=9)),
                        ('turn', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('decide_by', models.DateTimeField(null=True)),
                    ],
                    options={
                        'permissions': [('see', 'see'), ('read', 'read'), ('work', 'work')],
                        'default_permissions': (),
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['turn', 'tier_rank', 'due_at'], name='queue_of_desk'), models.Index(condition=models.Q(('decide_by__isnull', False), ('ended_at', None)), fields=['from_desk', 'tier_rank', 'decide_by'], name='consent_taken_back'), models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='referrals_ended')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case',), name='one_open_referral_per_case'), models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'sent', 'accepted', 'returned_for_more', 'declined', 'withdrawn', 'expired', 'received', 'redirected', 'appointment', 'proposed', 'attended', 'reported', 'return_plan', 'followed_up', 'closed'))), name='referral_state_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Packet',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('purpose', models.CharField(max_length=16)),
                        ('version', models.PositiveSmallIntegerField(default=1)),
                        ('created_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('sealed', models.BinaryField()),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('from_desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('to_desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packets', to='referrals.referral')),
                        ('fields', models.JSONField(default=list)),
                        ('outside', models.CharField(blank=True, max_length=12)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('referral', 'purpose', 'from_desk', 'to_desk', 'version'), name='one_packet_per_version')],
                    },
                ),
                migrations.CreateModel(
                    name='ReferralGroupObjectPermission',
                    fields=[
                        ('origin', models.CharField(choices=[('owner', 'Opened it'), ('triage', 'Triage of the county'), ('escalation', 'Escalated to'), ('duty', 'On duty'), ('manager', 'Case manager'), ('referral', 'Referred to'), ('supervision', 'Supervision'), ('given', 'Given by the desk that owns the case'), ('break_glass', 'Break-glass'), ('court', 'Court order'), ('records', 'Examines a request for records')], max_length=16)),
                        ('granted_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('reason', models.BinaryField(null=True)),
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='referrals.referral')),
                        ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('group', 'permission', 'content_object'), name='one_referral_grant_per_desk')],
                    },
                ),
                migrations.CreateModel(
                    name='ReferralUserObjectPermission',
                    fields=[
                        ('origin', models.CharField(choices=[('owner', 'Opened it'), ('triage', 'Triage of the county'), ('escalation', 'Escalated to'), ('duty', 'On duty'), ('manager', 'Case manager'), ('referral', 'Referred to'), ('supervision', 'Supervision'), ('given', 'Given by the desk that owns the case'), ('break_glass', 'Break-glass'), ('court', 'Court order'), ('records', 'Examines a request for records')], max_length=16)),
                        ('granted_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('reason', models.BinaryField(null=True)),
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='referrals.referral')),
                        ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'permission', 'content_object'), name='one_referral_grant_per_user')],
                    },
                ),
                migrations.CreateModel(
                    name='Step',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(blank=True, max_length=20)),
                        ('at', models.DateTimeField()),
                        ('desk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='referrals.referral')),
                        ('event', models.CharField(blank=True, max_length=16)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', 'at'], name='steps_of_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Crossing',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('from_port', models.CharField(max_length=12)),
                        ('to_port', models.CharField(max_length=12)),
                        ('vessel', models.CharField(max_length=12)),
                        ('escorts', models.PositiveSmallIntegerField()),
                        ('state', models.CharField(max_length=12)),
                        ('departs_at', models.DateTimeField()),
                        ('arrives_at', models.DateTimeField()),
                        ('changed_at', models.DateTimeField()),
                        ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crossings', to='referrals.referral')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['planned', 'suspended', 'under_way'])), fields=('referral',), name='one_open_crossing'), models.CheckConstraint(condition=models.Q(('state__in', ('planned', 'under_way', 'suspended', 'cancelled', 'arrived'))), name='crossing_state_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Destination',
                    fields=[
                        ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='destination', serialize=False, to='people.organisation')),
                        ('clinic', models.BooleanField(default=False)),
                        ('age_from', models.PositiveSmallIntegerField(default=6)),
                        ('age_to', models.PositiveSmallIntegerField(default=18)),
                        ('services', models.CharField(max_length=120)),
                        ('hours', models.CharField(max_length=80)),
                        ('phone', models.CharField(max_length=40)),
                        ('travel', models.JSONField(default=dict)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('age_to__gte', models.F('age_from'))), name='ages_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='SafetyContact',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('reached', models.BooleanField()),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('crossing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='referrals.crossing')),
                    ],
                ),
                migrations.CreateModel(
                    name='Slot',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('starts_at', models.DateTimeField()),
                        ('place', models.PositiveSmallIntegerField(default=1)),
                        ('taken', models.BooleanField(default=False)),
                        ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.desk')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('taken', False)), fields=['desk', 'starts_at'], name='free_slots')],
                        'constraints': [models.UniqueConstraint(fields=('desk', 'starts_at', 'place'), name='one_slot_per_place')],
                    },
                ),
                migrations.CreateModel(
                    name='Appointment',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('booked_at', models.DateTimeField()),
                        ('attended', models.BooleanField(null=True)),
                        ('booked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='referrals.referral')),
                        ('slot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.slot')),
                    ],
                ),
                migrations.CreateModel(
                    name='Link',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('digest', models.BinaryField(unique=True)),
                        ('salt', models.BinaryField()),
                        ('sealed', models.BinaryField()),
                        ('tries_left', models.PositiveSmallIntegerField()),
                        ('browser', models.BinaryField(default=b'')),
                        ('made_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('opened_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('packet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.packet')),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='referrals.referral')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('referral',), name='one_live_link'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('sealed', b''), _connector='OR'), name='ended_link_is_blank')],
                    },
                ),
                migrations.CreateModel(
                    name='LinkOpening',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('succeeded', models.BooleanField()),
                        ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='referrals.link')),
                    ],
                ),
                migrations.CreateModel(
                    name='ProposedTime',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('proposed_at', models.DateTimeField()),
                        ('chosen', models.BooleanField(default=False)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposed', to='referrals.referral')),
                        ('slot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.slot')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['at'], name='open_proposals')],
                    },
                ),
            ],
        ),
    ]
