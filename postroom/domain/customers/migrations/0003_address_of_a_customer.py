from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_rows_of_one_operator")]
    operations = [migrations.RunSQL((SQL / "address_of.sql").read_text())]
