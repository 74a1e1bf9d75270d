from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("base", "0001_ground"), ("operators", "0001_operators_locations_staff")]
    operations = [
        Isolate("Location"),
        Isolate("Staff"),
        migrations.RunSQL((SQL / "policies.sql").read_text()),
    ]
