from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("knowledge_base", "0001_articles_and_feedback")]
    operations = [migrations.RunSQL((SQL / "whose_feedback.sql").read_text())]
