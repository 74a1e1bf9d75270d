"""Functions that billing's statements stand on."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("base", "0001_ground")]
    operations = [
        migrations.RunSQL((SQL / "dates_and_shares.sql").read_text(), migrations.RunSQL.noop)
    ]
