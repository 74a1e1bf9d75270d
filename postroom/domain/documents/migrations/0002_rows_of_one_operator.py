from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0004_letterheads"),
        ("billing", "0004_the_books"),
        ("documents", "0001_invoices_by_mail"),
    ]
    operations = [
        Isolate("Outbox"),
        Isolate("InvoiceMail"),
        Isolate("InvoiceDelivery"),
        AppendOnly("InvoiceDelivery", "invoice_deliveries_never_change"),
    ]
