"""The tables of rota as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import datetime
import django.db.models.deletion
import django.db.models.expressions
import wellbeing.ids
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("rota", name) for name in ("0001_initial",)]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Shift',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('planned_at', models.DateTimeField()),
                        ('desk', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='people.desk')),
                        ('planned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['desk', 'ends_at'], name='shifts_of_desk')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_start'), models.CheckConstraint(condition=models.Q(('ends_at__lte', django.db.models.expressions.CombinedExpression(models.F('starts_at'), '+', models.Value(datetime.timedelta(days=1))))), name='shift_within_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Swap',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('asked_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('accepted', models.BooleanField(null=True)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps', to='rota.shift')),
                        ('to_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('asked_by', models.F('to_user')), _negated=True), name='swap_with_a_colleague'), models.CheckConstraint(condition=models.Q(('accepted', None), ('answered_at__isnull', False), _connector='OR'), name='swap_accepted_when_answered'), models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('shift',), name='one_open_swap_per_shift')],
                    },
                ),
            ],
        ),
    ]
