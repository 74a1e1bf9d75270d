from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("signups", "0001_signups_and_consents")]
    operations = [
        Isolate("Signup"),
        Isolate("Consent"),
        AppendOnly("Consent", "consents_never_change"),
        migrations.RunSQL((SQL / "free_numbers.sql").read_text()),
        migrations.RunSQL((SQL / "start_signup.sql").read_text()),
    ]
