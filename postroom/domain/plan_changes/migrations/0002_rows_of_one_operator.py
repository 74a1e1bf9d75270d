from django.db import migrations

from postroom.base.tenancy.operations import Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0002_rows_of_one_operator"),
        ("plan_changes", "0001_tables_of_plans"),
    ]
    operations = [Isolate("PlanImport")]
