"""The tables of api as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.ids
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("api", name) for name in ("0001_initial",)]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=60)),
                        ('because', models.CharField(max_length=400)),
                        ('scopes', models.JSONField()),
                        ('prefix', models.CharField(max_length=12)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('state', models.CharField(choices=[('waiting', 'waiting for the second person'), ('in_force', 'in force'), ('declined', 'not confirmed'), ('ended', 'ended')], default='waiting', max_length=8)),
                        ('asked_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('used_at', models.DateTimeField(null=True)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user', '-asked_at'], name='tokens_of_user')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('user')), _negated=True), _connector='OR'), name='nobody_confirms_her_own_token'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='token_confirmed_by_somebody')],
                    },
                ),
            ],
        ),
    ]
