"""The tables of audit as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import wellbeing.ids
import wellbeing.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("audit", name) for name in ("0001_initial", "0003_signed_heads", "0004_tree",)]

    initial = True

    dependencies = [
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Head',
                    fields=[
                        ('stream', models.UUIDField(primary_key=True, serialize=False)),
                        ('seq', models.BigIntegerField()),
                        ('hash', models.BinaryField()),
                        ('mac', models.BinaryField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Event',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('stream', models.UUIDField()),
                        ('seq', models.BigIntegerField()),
                        ('at', models.DateTimeField()),
                        ('actor_id', models.IntegerField(null=True)),
                        ('act', models.CharField(max_length=48)),
                        ('body', models.BinaryField()),
                        ('hash', models.BinaryField()),
                        ('mac', models.BinaryField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='one_event_per_number')],
                        'indexes': [models.Index(fields=['at', 'id'], name='events_by_time'), models.Index(fields=['actor_id', 'at', 'id'], name='events_by_person'), models.Index(fields=['act', 'at', 'id'], name='events_by_act')],
                    },
                ),
                migrations.CreateModel(
                    name='Checkpoint',
                    fields=[
                        ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('note', models.TextField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Cosignature',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('witness', models.CharField(max_length=80)),
                        ('size', models.BigIntegerField()),
                        ('at', models.DateTimeField()),
                        ('line', models.TextField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('witness', 'size'), name='one_cosignature_per_size')],
                    },
                ),
                migrations.CreateModel(
                    name='Leaf',
                    fields=[
                        ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('stream', models.UUIDField()),
                        ('seq', models.BigIntegerField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='one_leaf_per_event')],
                    },
                ),
                migrations.CreateModel(
                    name='Tile',
                    fields=[
                        ('pk', models.CompositePrimaryKey('level', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('level', models.SmallIntegerField()),
                        ('number', models.BigIntegerField()),
                        ('hashes', models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Waiting',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('stream', models.UUIDField()),
                        ('seq', models.BigIntegerField()),
                        ('urgent', models.BooleanField()),
                        ('since', models.DateTimeField()),
                    ],
                ),
            ],
        ),
    ]
