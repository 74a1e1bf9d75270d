from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0004_switches_and_splits")]
    operations = [migrations.RunSQL((SQL / "refuse_worse_terms.sql").read_text())]
