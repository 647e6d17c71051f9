"""The walls of screenings and campaigns.

Screening files wait, sealed, in parts until they are confirmed and taken. The roll with its codes is seen with its
school's batch, a flag with its case or by its desk; a result by its desk and by whoever may read a case of the person.
"""

from django.db import migrations

from wellbeing.access import rls

DESK = f"app_system() OR {rls.desk()}"
SCHOOL = f"{DESK} OR {rls.sits(at='school_id')}"
# The batch's own wall is passed by the sub-query.
OF_BATCH = "EXISTS (SELECT 1 FROM cases_screeningbatch b WHERE b.id = {})"
PART = OF_BATCH.format("batch_id")
BATCH_KEY = f"owner_kind = 'batch' AND {OF_BATCH.format('owner_id')}"
FLAG = f"{DESK} OR {rls.sees('case', 'case_id')}"


class Migration(migrations.Migration):
    replaces = [("cases", name) for name in ("0016_screening_files", "0017_campaigns", "0023_screening_in_full")]
    dependencies = [("cases", "0003_walls")]
    operations = [
        rls.protect("cases_screeningbatch", select=SCHOOL, insert=DESK, update=SCHOOL),
        rls.protect("cases_screeningmapping", select="app_known()", insert="app_known()", update="app_known()"),
        rls.protect("cases_screeningpart", select=PART, insert=PART, delete=PART),
        rls.keys(batch_select=("select", BATCH_KEY), batch_delete=("delete", BATCH_KEY)),
        # In the transaction that moves a file its results are sealed anew, and found again by the new division's hash.
        rls.protect(
            "cases_screeningresult",
            select=f"{DESK} OR app_reads_person(person_id, {rls.MY_DESKS})",
            insert="app_system()",
            update="person_id = ANY ((SELECT app_moving_persons())::uuid[])",
        ),
        rls.changes("cases_screeningresult", "sealed", "desk_id", "row_key"),
        rls.protect("cases_screeningtally", select=DESK, insert="app_system()", update="app_system()"),
        rls.protect("cases_screeningflag", select=FLAG, insert="app_system()", update=FLAG),
        rls.protect("cases_campaign", select="app_known()", insert="app_known()", update="app_system()"),
        rls.protect("cases_campaignstudent", select=PART, insert=PART, update=PART),
        rls.protect("cases_answertry", select="app_system()", insert="app_system()", delete="app_system()"),
        *(
            rls.rewrites(f"cases_{table}", "sealed")
            for table in ("screeningresult", "screeningbatch", "screeningpart", "campaignstudent")
        ),
    ]
