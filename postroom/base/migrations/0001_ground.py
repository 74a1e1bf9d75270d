"""Functions that tables, policies and statements of every room stand on."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL((SQL / "ground.sql").read_text(), migrations.RunSQL.noop)]
