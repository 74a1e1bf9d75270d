from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import postroom.base.tenancy.keys
from postroom.base.tenancy.operations import Refer

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0007_what_a_location_shows"),
        ("plans", "0007_what_a_location_shows"),
        ("subscriptions", "0009_entered_by_a_form"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="lead",
            name="lead_source_is_known",
        ),
        migrations.AddField(
            model_name="lead",
            name="handled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="handled_by",
            field=postroom.base.tenancy.keys.Reference(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="source",
            field=models.CharField(
                choices=[
                    ("signup", "Signup URL"),
                    ("lead_gen", "Lead-gen website"),
                    ("embed", "Operator’s own site"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["signup", "lead_gen", "embed"])),
                name="lead_source_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handled_at__isnull", True), ("handled_by__isnull", True)),
                    models.Q(("handled_at__isnull", False), ("handled_by__isnull", False)),
                    _connector="OR",
                ),
                name="lead_is_handled_by_somebody",
            ),
        ),
        Refer("Lead", "handled_by"),
        migrations.RunSQL((SQL / "leave_lead.sql").read_text()),
    ]
