from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0002_rows_of_one_operator"),
        ("usage", "0001_entries_of_usage"),
    ]
    operations = [
        Isolate("UsageEntry"),
        AppendOnly("UsageEntry", "usage_entries_never_change"),
        migrations.RunSQL((SQL / "corrections.sql").read_text()),
    ]
