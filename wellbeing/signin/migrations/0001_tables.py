"""The tables of signin as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import django.db.models.deletion
import wellbeing.ids
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [("signin", name) for name in ("0001_initial", "0003_hashed_sessions",)]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Tries',
                    fields=[
                        ('key', models.BinaryField(primary_key=True, serialize=False)),
                        ('failed', models.PositiveIntegerField()),
                        ('last_at', models.DateTimeField()),
                        ('until', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Factor',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('totp', 'Authenticator app'), ('passkey', 'Passkey')], max_length=8)),
                        ('name', models.CharField(max_length=40)),
                        ('secret', models.BinaryField()),
                        ('credential', models.BinaryField(null=True, unique=True)),
                        ('counter', models.BigIntegerField(default=0)),
                        ('made_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factors', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='RecoveryCode',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('digest', models.BinaryField(unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        ('session_key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('session_data', models.TextField(verbose_name='session data')),
                        ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                        ('device', models.CharField(blank=True, max_length=60)),
                        ('since', models.DateTimeField(null=True)),
                        ('seen_at', models.DateTimeField(null=True)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'session',
                        'verbose_name_plural': 'sessions',
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Binding',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('issuer', models.CharField(max_length=200)),
                        ('subject', models.CharField(max_length=255)),
                        ('bound_at', models.DateTimeField()),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('issuer', 'subject'), name='one_account_per_subject'), models.UniqueConstraint(fields=('issuer', 'user'), name='one_subject_per_account')],
                    },
                ),
            ],
        ),
    ]
