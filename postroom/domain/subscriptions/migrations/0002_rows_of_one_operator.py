from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0002_rows_of_one_operator"),
        ("customers", "0002_rows_of_one_operator"),
        ("subscriptions", "0001_subscriptions_and_terms"),
    ]
    operations = [
        Isolate("Subscription"),
        Isolate("Term"),
        Isolate("Clearance"),
        Isolate("ClearanceVoid"),
        Isolate("PriceLock"),
        Isolate("Pin"),
        Isolate("Lead"),
        AppendOnly("Clearance", "clearances_never_change"),
        AppendOnly("ClearanceVoid", "voids_of_clearances_never_change"),
        migrations.RunSQL((SQL / "terms_tile.sql").read_text()),
        # It reads a table that comes later, with the migration that writes it anew.
        migrations.RunSQL("SET LOCAL check_function_bodies = off"),
        migrations.RunSQL((SQL / "the_one_rule.sql").read_text()),
        migrations.RunSQL("SET LOCAL check_function_bodies = on"),
        migrations.RunSQL((SQL / "refuse_worse_terms.sql").read_text()),
        migrations.RunSQL((SQL / "leave_lead.sql").read_text()),
    ]
