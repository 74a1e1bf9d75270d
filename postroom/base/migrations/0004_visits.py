from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("base", "0003_a_faster_billing_date")]
    operations = [migrations.RunSQL((SQL / "visits.sql").read_text())]
