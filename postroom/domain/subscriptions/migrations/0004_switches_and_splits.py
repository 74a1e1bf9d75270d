from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import Isolate, Refer

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0003_what_billing_asks")]
    operations = [
        Isolate("Switch"),
        Refer("Term", "switch"),
        migrations.RunSQL((SQL / "split_day.sql").read_text()),
        # Room on each page of the table for what the billing run changes in every row.
        migrations.RunSQL("ALTER TABLE subscriptions_subscription SET (fillfactor = 75)"),
    ]
