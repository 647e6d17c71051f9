"""The tables of people as the models have them, in the form that Django writes.

A database that went here step by step holds every step that this file `replaces`, and counts as having it.
"""

import datetime
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import wellbeing.ids
import wellbeing.people.models.user
import wellbeing.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ("people", name)
        for name in (
            "0001_initial", "0003_mobile", "0004_clinics", "0005_returns_and_centres", "0006_first_rules",
            "0007_walls_of_returns", "0008_accounts_and_posts", "0009_walls_of_posts", "0010_guided",
            "0011_walls_of_people",
        )
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        wellbeing.tables.Tables(
            models=[
                migrations.CreateModel(
                    name='Division',
                    fields=[
                        ('code', models.CharField(max_length=6, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40)),
                        ('name_en', models.CharField(max_length=60)),
                        ('counts_for_target', models.BooleanField(default=True)),
                        ('part_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='areas', to='people.division')),
                    ],
                    options={
                        'ordering': ['code'],
                    },
                ),
                migrations.CreateModel(
                    name='Organisation',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('code', models.SlugField(max_length=32, unique=True)),
                        ('kind', models.CharField(choices=[('hotline', 'Hotline'), ('school', 'School'), ('county_centre', 'County centre'), ('city_centre', 'City centre'), ('hospital', 'Hospital'), ('clinic', 'Island clinic'), ('bureau', 'Education bureau')], max_length=16)),
                        ('name', models.CharField(max_length=80)),
                        ('name_en', models.CharField(max_length=120)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='people.division')),
                    ],
                    options={
                        'ordering': ['division_id', 'code'],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                        ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('display_name', models.CharField(max_length=40)),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                        ('first_password_until', models.DateTimeField(blank=True, null=True)),
                        ('guided_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='no_superuser')],
                    },
                    managers=[
                        ('objects', wellbeing.people.models.user.Users()),
                    ],
                ),
                migrations.CreateModel(
                    name='School',
                    fields=[
                        ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='school', serialize=False, to='people.organisation')),
                        ('stage', models.CharField(choices=[('primary', 'primary'), ('junior', 'junior'), ('senior', 'senior'), ('nine_year', 'nine_year'), ('complete_secondary', 'complete_secondary'), ('twelve_year', 'twelve_year'), ('vocational', 'vocational'), ('special', 'special')], max_length=24)),
                        ('enrolment', models.PositiveIntegerField()),
                        ('boarding', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='Desk',
                    fields=[
                        ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='desk', serialize=False, to='auth.group')),
                        ('role', models.CharField(choices=[('hotline_counsellor', 'Hotline counsellor'), ('hotline_supervisor', 'Hotline supervisor'), ('school_counsellor', 'School counsellor'), ('school_crisis_lead', 'School crisis lead'), ('reporter', 'Reporter'), ('county_triage', 'County centre triage'), ('city_duty', 'City centre duty'), ('hospital_liaison', 'Hospital liaison'), ('education_admin', 'Education administrator'), ('system_admin', 'System administrator'), ('security_admin', 'Security administrator'), ('audit_admin', 'Audit administrator')], max_length=24)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks', to='people.organisation')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('organisation', 'role'), name='one_desk_per_role')],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='people.desk')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('user', 'desk'), name='one_open_post_per_desk'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', django.db.models.expressions.CombinedExpression(models.F('starts_on'), '-', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='post_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffingPolicyVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField(unique=True)),
                        ('effective_from', models.DateTimeField()),
                        ('body', models.JSONField()),
                        ('because', models.TextField(blank=True)),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'get_latest_by': 'number',
                    },
                ),
                migrations.CreateModel(
                    name='StandardCentre',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('declined', 'declined'), ('standard', 'standard')], default='draft', max_length=12)),
                        ('because', models.CharField(blank=True, max_length=400)),
                        ('signed_on', models.DateField(blank=True, null=True)),
                        ('moved_at', models.DateTimeField()),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                        ('moved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='standard', to='people.organisation')),
                    ],
                ),
                migrations.CreateModel(
                    name='CentreLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('item', models.CharField(choices=[('area', 'area'), ('rooms', 'rooms'), ('full_time', 'full_time'), ('part_time', 'part_time'), ('weekly_hours', 'weekly_hours'), ('supervision', 'supervision'), ('crisis_line', 'crisis_line'), ('referral_agreement', 'referral_agreement'), ('archive_locked', 'archive_locked'), ('annual_report', 'annual_report')], max_length=20)),
                        ('actual', models.PositiveIntegerField(blank=True, null=True)),
                        ('evidence', models.CharField(blank=True, max_length=200)),
                        ('inspected_on', models.DateField(blank=True, null=True)),
                        ('centre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='people.standardcentre')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('centre', 'item'), name='one_line_per_item')],
                    },
                ),
                migrations.CreateModel(
                    name='Term',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40)),
                        ('first_day', models.DateField()),
                        ('last_day', models.DateField()),
                        ('opened_at', models.DateTimeField()),
                        ('locked_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'ordering': ['-first_day'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gt', models.F('first_day'))), name='term_ends_after_start'), models.UniqueConstraint(fields=('name',), name='one_term_of_a_name')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffingReturn',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('stage', models.CharField(choices=[('primary', 'primary'), ('junior', 'junior'), ('senior', 'senior'), ('nine_year', 'nine_year'), ('complete_secondary', 'complete_secondary'), ('twelve_year', 'twelve_year'), ('vocational', 'vocational'), ('special', 'special')], max_length=24)),
                        ('enrolment', models.PositiveIntegerField()),
                        ('boarding', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('returned', 'returned'), ('confirmed', 'confirmed'), ('locked', 'locked'), ('lapsed', 'lapsed')], default='draft', max_length=12)),
                        ('because', models.CharField(blank=True, max_length=400)),
                        ('short', models.BooleanField(null=True)),
                        ('moved_at', models.DateTimeField()),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.division')),
                        ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='people.school')),
                        ('moved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='people.school')),
                        ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='people.term')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['school', 'term'], name='returns_of_school')],
                        'constraints': [models.UniqueConstraint(fields=('term', 'school'), name='one_return_per_term_and_school'), models.CheckConstraint(condition=models.Q(('enrolment__lte', 100000)), name='return_of_a_possible_school'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('school')), _negated=True), _connector='OR'), name='not_merged_into_itself')],
                    },
                ),
                migrations.CreateModel(
                    name='ReturnedTeacher',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=32)),
                        ('full_time', models.BooleanField()),
                        ('qualification', models.CharField(choices=[('degree', 'degree'), ('a', 'a'), ('b', 'b'), ('c', 'c'), ('none', 'none')], max_length=12)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('weekly_hours', models.DecimalField(decimal_places=1, default=0, max_digits=4)),
                        ('fte', models.DecimalField(decimal_places=2, default=1, max_digits=3)),
                        ('leave_from', models.DateField(blank=True, null=True)),
                        ('leave_to', models.DateField(blank=True, null=True)),
                        ('supervision_hours', models.DecimalField(decimal_places=1, default=0, max_digits=5)),
                        ('training_hours', models.DecimalField(decimal_places=1, default=0, max_digits=5)),
                        ('staffing_return', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teachers', to='people.staffingreturn')),
                    ],
                    options={
                        'ordering': ['number'],
                        'indexes': [models.Index(fields=['number'], name='returned_by_number')],
                        'constraints': [models.UniqueConstraint(fields=('staffing_return', 'number'), name='one_line_per_teacher_and_return'), models.CheckConstraint(condition=models.Q(('fte__gt', 0), ('fte__lte', 1)), name='share_of_a_post'), models.CheckConstraint(condition=models.Q(('leave_to', None), ('leave_to__gte', models.F('leave_from')), _connector='OR'), name='leave_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='AccountEntry',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('act', models.CharField(choices=[('opened', 'Account opened'), ('appointed', 'Post proposed'), ('confirmed', 'Post confirmed'), ('declined', 'Post declined'), ('ended', 'Post ended'), ('password', 'Given a new first password'), ('factors', 'Second factors reset'), ('closed', 'Account closed')], max_length=12)),
                        ('because', models.CharField(max_length=400)),
                        ('at', models.DateTimeField()),
                        ('desk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='Appointment',
                    fields=[
                        ('id', models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('regular', 'Regular post'), ('secondment', 'Secondment'), ('cover', 'Cover for somebody absent')], max_length=12)),
                        ('starts_on', models.DateField()),
                        ('ends_on', models.DateField(blank=True, null=True)),
                        ('because', models.CharField(max_length=400)),
                        ('state', models.CharField(choices=[('waiting', 'waiting for the second person'), ('in_force', 'in force'), ('declined', 'not confirmed')], max_length=8)),
                        ('proposed_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.desk')),
                        ('post', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointment', to='people.post')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'regular'), ('ends_on__isnull', False), _connector='OR'), name='cover_and_secondment_end'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_by', models.F('user')), _negated=True), models.Q(('decided_by', None), models.Q(('decided_by', models.F('user')), _negated=True), _connector='OR')), name='nobody_appoints_herself')],
                    },
                ),
                migrations.CreateModel(
                    name='Private',
                    fields=[
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='private', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('password', models.CharField(max_length=128)),
                        ('mobile', models.CharField(blank=True, max_length=20)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                    ],
                ),
            ],
        ),
    ]
