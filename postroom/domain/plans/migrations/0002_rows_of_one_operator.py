from pathlib import Path

from django.db import migrations

from postroom.base.tenancy.operations import AppendOnly, Isolate

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0002_rows_of_one_operator"),
        ("plans", "0001_plans_and_their_versions"),
    ]
    operations = [
        Isolate("Plan"),
        Isolate("PlanLocation"),
        Isolate("PlanVersion"),
        Isolate("Rate"),
        Isolate("ServiceAllowance"),
        Isolate("StorageFee"),
        Isolate("Comparison"),
        Isolate("Withdrawal"),
        Isolate("Draft"),
        AppendOnly("PlanVersion", "versions_never_change"),
        AppendOnly("Rate", "rates_never_change"),
        AppendOnly("ServiceAllowance", "allowances_never_change"),
        AppendOnly("StorageFee", "storage_fees_never_change"),
        AppendOnly("Comparison", "comparisons_never_change"),
        AppendOnly("Withdrawal", "withdrawals_never_change"),
        migrations.RunSQL((SQL / "published_terms.sql").read_text()),
        migrations.RunSQL((SQL / "published_views.sql").read_text()),
    ]
