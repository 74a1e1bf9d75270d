from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate, Refer

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_address_of_a_customer"),
        ("billing", "0003_payments_and_books"),
    ]
    operations = [
        Refer("Invoice", "adjusts"),
        Refer("Invoice", "entered_by"),
        Isolate("Payment"),
        Isolate("Allocation"),
        Isolate("OpenItem"),
        Isolate("Posting"),
        AppendOnly("Payment", "payments_never_change"),
        AppendOnly("Allocation", "allocations_never_change"),
        AppendOnly("Posting", "postings_never_change"),
        migrations.RunSQL((SQL / "books.sql").read_text()),
        migrations.RunSQL((SQL / "books_of_before.sql").read_text()),
        migrations.DeleteModel("CreditUse"),
        migrations.RunSQL("DROP FUNCTION refuse_overspent_credit"),
    ]
