"""The tables of exchange as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.ids
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("exchange", name) for name in ("0001_initial", "0003_keys", "0004_seats",)]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Ring',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('exchange_id', models.CharField(max_length=64)),
                        ('line', models.CharField(blank=True, max_length=32)),
                        ('seat', models.CharField(blank=True, max_length=32)),
                        ('offered_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('number', models.BinaryField(null=True)),
                        ('why_not', models.CharField(blank=True, choices=[('misdial', 'Wrong number'), ('silent', 'Silent'), ('harassing', 'Harassing'), ('test', 'Test of the line'), ('colleague', 'A colleague or another service')], max_length=12)),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                        ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['hotline', '-offered_at'], name='rings_of_day'), models.Index(condition=models.Q(('ended_at', None)), fields=['hotline', 'offered_at'], name='rings_now'), models.Index(condition=models.Q(('answered_at__isnull', False), ('settled_at', None)), fields=['hotline', '-offered_at'], name='rings_to_log'), models.Index(condition=models.Q(('number__isnull', False)), fields=['offered_at'], name='rings_with_number')],
                        'constraints': [models.UniqueConstraint(fields=('hotline', 'exchange_id'), name='one_ring_per_call'), models.CheckConstraint(condition=models.Q(('answered_at', None), ('answered_at__gte', models.F('offered_at')), _connector='OR'), name='rang_before_answered'), models.CheckConstraint(condition=models.Q(('why_not', ''), ('settled_at__isnull', False), _connector='OR'), name='settled_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='Seat',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('seat', models.CharField(max_length=32)),
                        ('since', models.DateTimeField()),
                        ('until', models.DateTimeField(null=True)),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('counsellor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('hotline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['hotline', 'seat', '-since'], name='seats_in_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='seated_for_a_while'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('hotline', 'seat'), name='one_at_a_seat')],
                    },
                ),
            ],
        ),
    ]
