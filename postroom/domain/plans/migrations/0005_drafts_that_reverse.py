import django.db.models.deletion
from django.db import migrations

import postroom.base.tenancy.keys


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_drafts_that_edit")]
    operations = [
        migrations.AddField(
            model_name="draft",
            name="reverses",
            field=postroom.base.tenancy.keys.Reference(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="plans.planversion",
            ),
        ),
    ]
