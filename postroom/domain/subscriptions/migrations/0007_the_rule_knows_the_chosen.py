from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate, Refer

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0006_chosen_and_moved")]
    operations = [
        Isolate("Chosen"),
        AppendOnly("Chosen", "the_chosen_never_change"),
        Refer("Switch", "moves_to"),
        migrations.RunSQL((SQL / "the_one_rule.sql").read_text()),
        migrations.RunSQL((SQL / "first_renewal.sql").read_text()),
        migrations.RunSQL((SQL / "version_at.sql").read_text()),
        migrations.RunSQL((SQL / "refuse_worse_terms.sql").read_text()),
    ]
