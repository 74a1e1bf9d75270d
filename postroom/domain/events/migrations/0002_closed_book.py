from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate


class Migration(migrations.Migration):
    dependencies = [("base", "0001_ground"), ("events", "0001_what_happened")]
    operations = [
        Isolate("Event"),
        AppendOnly("Event", "events_are_never_edited"),
    ]
