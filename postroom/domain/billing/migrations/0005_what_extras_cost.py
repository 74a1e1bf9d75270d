from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_the_books")]
    operations = [
        migrations.RunSQL((SQL / "extra_of.sql").read_text()),
        migrations.RunSQL((SQL / "added_tax.sql").read_text()),
    ]
