from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0002_rows_of_one_operator"),
        ("customers", "0001_customers_and_mailboxes"),
    ]
    operations = [
        Isolate("Customer"),
        Isolate("Mailbox"),
        migrations.RunSQL((SQL / "search.sql").read_text()),
    ]
