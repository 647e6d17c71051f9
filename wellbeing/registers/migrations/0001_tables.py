"""The tables of registers as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.ids
import wellbeing.registers.models
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("registers", name) for name in ("0001_initial", "0003_keys",)]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Incident',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(default=wellbeing.registers.models.incident_reference, max_length=16, unique=True)),
                        ('about', models.CharField(choices=[('student', 'student'), ('teacher', 'teacher')], max_length=8)),
                        ('happened_at', models.DateTimeField()),
                        ('state', models.CharField(default='open', max_length=8)),
                        ('reported_at', models.DateTimeField()),
                        ('reviewed_on', models.DateField(null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                        ('reported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['happened_at'], name='incidents_of_day'), models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['division'], name='incidents_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('open', 'reviewed', 'closed'))), name='incident_state_known')],
                    },
                ),
                migrations.CreateModel(
                    name='IncidentLine',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('happened', 'happened'), ('told', 'told'), ('done', 'done'), ('review', 'review'), ('lesson', 'lesson')], max_length=8)),
                        ('at', models.DateTimeField()),
                        ('written_at', models.DateTimeField()),
                        ('sealed', models.BinaryField()),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='registers.incident')),
                        ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Activity',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('training', 'training'), ('supervision', 'supervision'), ('event', 'event'), ('class', 'class')], max_length=12)),
                        ('title', models.CharField(max_length=80)),
                        ('held_on', models.DateField()),
                        ('hours', models.DecimalField(decimal_places=1, max_digits=4)),
                        ('reached', models.PositiveIntegerField()),
                        ('noted_at', models.DateTimeField()),
                        ('struck_at', models.DateTimeField(null=True)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                        ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('struck_at', None)), fields=['held_on'], name='activities_of_day')],
                    },
                ),
            ],
        ),
    ]
