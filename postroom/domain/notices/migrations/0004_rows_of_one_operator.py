from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_address_of_a_customer"),
        ("plans", "0004_drafts_that_edit"),
        ("subscriptions", "0007_the_rule_knows_the_chosen"),
        ("notices", "0003_notices_as_evidence"),
    ]
    operations = [
        Isolate("Announcement"),
        Isolate("Envelope"),
        Isolate("Notice"),
        Isolate("NoticeClearance"),
        Isolate("Delivery"),
        Isolate("Answer"),
        AppendOnly("Announcement", "announcements_never_change"),
        AppendOnly("Notice", "notices_never_change"),
        AppendOnly("NoticeClearance", "clearances_of_notices_never_change"),
        AppendOnly("Delivery", "deliveries_never_change"),
        AppendOnly("Answer", "answers_never_change"),
        migrations.RunSQL((SQL / "envelopes_keep_their_words.sql").read_text()),
    ]
