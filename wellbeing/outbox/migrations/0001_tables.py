"""The tables of outbox as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.ids
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ("outbox", name)
        for name in (
            "0001_initial", "0003_channel_state", "0004_hold", "0005_why_it_fails",
        )
    ]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Heartbeat',
                    fields=[
                        ('name', models.CharField(max_length=24, primary_key=True, serialize=False)),
                        ('beat_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Notice',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('channel', models.CharField(default='in_app', max_length=12)),
                        ('kind', models.CharField(max_length=24)),
                        ('desk_id', models.IntegerField(null=True)),
                        ('target', models.CharField(blank=True, max_length=40)),
                        ('tier', models.CharField(blank=True, max_length=6)),
                        ('dedupe_key', models.CharField(max_length=160, unique=True)),
                        ('created_at', models.DateTimeField()),
                        ('not_before', models.DateTimeField()),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('done_at', models.DateTimeField(null=True)),
                        ('dead_at', models.DateTimeField(null=True)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('dead_at', None), ('done_at', None)), fields=['not_before'], name='notices_to_deliver')],
                    },
                ),
                migrations.CreateModel(
                    name='InboxItem',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('desk_id', models.IntegerField(null=True)),
                        ('kind', models.CharField(max_length=24)),
                        ('target', models.CharField(blank=True, max_length=40)),
                        ('tier', models.CharField(blank=True, max_length=6)),
                        ('created_at', models.DateTimeField()),
                        ('delivered_at', models.DateTimeField()),
                        ('seen_at', models.DateTimeField(null=True)),
                        ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('notice', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='outbox.notice')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['desk_id', '-created_at'], name='unread_of_desk'), models.Index(condition=models.Q(('seen_at', None)), fields=['user', '-created_at'], name='unread_of_user')],
                    },
                ),
                migrations.CreateModel(
                    name='ChannelState',
                    fields=[
                        ('name', models.CharField(max_length=12, primary_key=True, serialize=False)),
                        ('failures', models.PositiveIntegerField(default=0)),
                        ('failing_since', models.DateTimeField(null=True)),
                        ('told_at', models.DateTimeField(null=True)),
                        ('why', models.CharField(blank=True, db_default='', default='', max_length=80)),
                    ],
                ),
                migrations.CreateModel(
                    name='Hold',
                    fields=[
                        ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                        ('since', models.DateTimeField()),
                        ('manifests', models.JSONField()),
                        ('ended', models.PositiveIntegerField(default=0)),
                        ('checked_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_hold_at_most')],
                    },
                ),
            ],
        ),
    ]
