"""The tables of reports as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("reports", name) for name in ("0001_initial",)]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='FigureDay',
                    fields=[
                        ('day', models.DateField(primary_key=True, serialize=False)),
                        ('counted_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='DayFigure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField()),
                        ('measure', models.CharField(max_length=32)),
                        ('counted', models.BigIntegerField()),
                        ('waiting', models.BigIntegerField()),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('waiting', 0), _negated=True), fields=['day'], name='figures_waiting')],
                        'constraints': [models.UniqueConstraint(fields=('day', 'division', 'measure'), name='one_figure_per_day')],
                    },
                ),
                migrations.CreateModel(
                    name='MonthFigure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField()),
                        ('measure', models.CharField(max_length=32)),
                        ('value', models.BigIntegerField(null=True)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('month', 'division', 'measure'), name='one_figure_per_month')],
                    },
                ),
            ],
        ),
    ]
