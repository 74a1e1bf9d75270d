from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0007_what_a_location_shows"),
        ("plans", "0006_drafts_refer_to_what_they_reverse"),
    ]
    operations = [migrations.RunSQL((SQL / "published_places_shown.sql").read_text())]
