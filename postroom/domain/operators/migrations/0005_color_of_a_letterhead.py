from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operators", "0004_letterheads")]

    operations = [
        migrations.AddField(
            model_name="letterhead",
            name="color",
            field=models.CharField(blank=True, max_length=7),
        ),
        migrations.AddConstraint(
            model_name="letterhead",
            constraint=models.CheckConstraint(
                condition=models.Q(("color__regex", "^(#[0-9a-f]{6})?$")),
                name="letterhead_has_a_color_in_six_digits",
            ),
        ),
    ]
