from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0007_the_rule_knows_the_chosen")]
    operations = [
        migrations.RunSQL((SQL / "the_one_rule.sql").read_text()),
        migrations.RunSQL((SQL / "move_is_met.sql").read_text()),
    ]
