"""The same billing date, as an expression that the planner puts in place of each call."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("base", "0002_dates_and_shares")]
    operations = [migrations.RunSQL((SQL / "billing_date.sql").read_text(), migrations.RunSQL.noop)]
