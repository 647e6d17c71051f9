"""The tables of vault as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.tables
import wellbeing.vault.models
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("vault", name) for name in ("0001_initial", "0003_kinds", "0004_rotation",)]

    initial = True

    dependencies = [
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='DivisionKey',
                    fields=[
                        ('id', models.BigIntegerField(default=wellbeing.vault.models.random_id, primary_key=True, serialize=False)),
                        ('division', models.CharField(max_length=6)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('suite', models.PositiveSmallIntegerField(default=1)),
                        ('wrapped', models.BinaryField()),
                        ('state', models.CharField(choices=[('active', 'Active'), ('decrypt_only', 'Decrypt Only')], default='active', max_length=12)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('root_version', models.PositiveIntegerField(default=1)),
                        ('replaced_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('division', 'version'), name='one_division_key_per_version'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('division',), name='one_active_division_key')],
                    },
                ),
                migrations.CreateModel(
                    name='DataKeyRow',
                    fields=[
                        ('id', models.BigIntegerField(default=wellbeing.vault.models.random_id, primary_key=True, serialize=False)),
                        ('owner_kind', models.CharField(max_length=8)),
                        ('owner_id', models.UUIDField()),
                        ('suite', models.PositiveSmallIntegerField(default=1)),
                        ('wrapped', models.BinaryField()),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('division_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vault.divisionkey')),
                        ('replaced_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'db_table': 'vault_datakey',
                        'indexes': [models.Index(fields=['owner_id'], name='data_keys_of_owner')],
                    },
                ),
                migrations.CreateModel(
                    name='NamedKey',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('purpose', models.CharField(max_length=40)),
                        ('period', models.CharField(blank=True, max_length=8)),
                        ('wrapped', models.BinaryField()),
                        ('root_version', models.PositiveIntegerField(default=1)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('purpose', 'period'), name='one_key_per_purpose_and_period')],
                    },
                ),
                migrations.CreateModel(
                    name='Rotation',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('root', 'Root'), ('divisions', 'Divisions'), ('words', 'Words')], max_length=9)),
                        ('suite', models.PositiveSmallIntegerField(default=1)),
                        ('started_at', models.DateTimeField()),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('done', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('kind',), name='one_open_rotation_of_a_kind')],
                    },
                ),
            ],
        ),
    ]
