from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0004_switches_and_splits"),
        ("usage", "0003_highest_held"),
        ("billing", "0001_runs_and_invoices"),
    ]
    operations = [
        Isolate("Charge"),
        Isolate("BillingRun"),
        Isolate("SetAside"),
        Isolate("NumberSeries"),
        Isolate("Invoice"),
        Isolate("InvoiceLine"),
        Isolate("CreditUse"),
        AppendOnly("SetAside", "set_asides_never_change"),
        AppendOnly("Invoice", "issued_invoices_never_change"),
        AppendOnly("InvoiceLine", "lines_of_invoices_never_change"),
        AppendOnly("CreditUse", "credit_uses_never_change"),
        migrations.RunSQL((SQL / "sums_and_numbers.sql").read_text()),
    ]
