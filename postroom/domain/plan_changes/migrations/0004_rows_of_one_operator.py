from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_what_extras_cost"),
        ("notices", "0004_rows_of_one_operator"),
        ("plans", "0004_drafts_that_edit"),
        ("plan_changes", "0003_changes_and_sheets"),
    ]
    operations = [
        Isolate("PlanChange"),
        Isolate("Sheet"),
        Isolate("SheetRow"),
        # Thrown away after a day, and worked out again after a crash.
        migrations.RunSQL("ALTER TABLE plan_changes_sheetrow SET UNLOGGED"),
        migrations.RunSQL((SQL / "first_day_of.sql").read_text()),
        migrations.RunSQL((SQL / "changes_stay_as_scheduled.sql").read_text()),
    ]
