"""The second wall around every table that belongs to a case or a person, and around their keys and trails."""

from django.db import migrations

from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")
MACHINE = "app_system() OR "
PERSON = f"desk_id = ANY ({rls.MY_DESKS}) OR app_sees_person({{}})"


def _of_case(table: str) -> migrations.RunSQL:
    """Tables of clocks and states: machines keep them too."""
    return rls.protect(table, select=MACHINE + SEES, insert=MACHINE + SEES, update=MACHINE + WORKS)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("vault", "0002_walls"),
        ("audit", "0002_walls"),
        ("people", "0002_identity"),
    ]
    operations = [
        rls.sight("case", "cases_caseuserobjectpermission", "cases_casegroupobjectpermission"),
        rls.protect(
            "cases_case",
            select=MACHINE + rls.sees("case"),
            insert=MACHINE + rls.sees("case"),
            update=MACHINE + rls.works("case", "id"),
        ),
        # A person is seen through any case of hers that is seen; the sub-query passes the wall of cases_case itself.
        migrations.RunSQL(
            "CREATE FUNCTION app_sees_person(pk uuid) RETURNS boolean LANGUAGE sql STABLE AS"
            " $$ SELECT EXISTS (SELECT 1 FROM cases_case c WHERE c.person_id = pk) $$",
            "DROP FUNCTION app_sees_person(uuid)",
        ),
        rls.protect("cases_person", select=MACHINE + PERSON.format("id"), insert="app_known()"),
        # Words: machines may add an entry, never read one.
        rls.protect("cases_entry", select=SEES, insert=MACHINE + SEES),
        rls.protect("cases_assessment", select=MACHINE + SEES, insert=MACHINE + SEES),
        rls.protect("cases_call", select=SEES, insert=SEES),
        _of_case("cases_warning"),
        _of_case("cases_lowering"),
        _of_case("cases_escalation"),
        rls.protect(
            "cases_deadline",
            select=f"{MACHINE}desk_id = ANY ({rls.MY_DESKS}) OR {SEES}",
            insert=MACHINE + SEES,
            update=MACHINE + WORKS,
        ),
        rls.protect(
            "cases_screeningbatch",
            select=f"{MACHINE}EXISTS (SELECT 1 FROM people_desk d WHERE d.organisation_id = school_id"
            f" AND d.group_id = ANY ({rls.MY_DESKS}))",
            insert="app_system()",
            update="app_system()",
        ),
        rls.protect("cases_screeningresult", select=MACHINE + PERSON.format("person_id"), insert="app_system()"),
        migrations.RunSQL(
            [
                rls.also("vault.vault_datakey", verb, condition, name=f"{kind}_{verb}")
                for verb in ("select", "delete")
                for kind, condition in (
                    ("case", f"owner_kind = 'case' AND {rls.sees('case', 'owner_id')}"),
                    ("person", "owner_kind = 'person' AND NOT app_system() AND app_sees_person(owner_id)"),
                )
            ]
            + [rls.also("audit_event", "select", rls.sees("case", "stream"), name="case_select")],
            [
                f"DROP POLICY {kind}_{verb} ON vault.vault_datakey"
                for verb in ("select", "delete")
                for kind in ("case", "person")
            ]
            + ["DROP POLICY case_select ON audit_event"],
        ),
    ]
