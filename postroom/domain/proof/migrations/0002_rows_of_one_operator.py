from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_the_books"),
        ("proof", "0001_proofs_and_differences"),
    ]
    operations = [
        Isolate("Proof"),
        Isolate("Difference"),
        AppendOnly("Difference", "differences_never_change"),
    ]
