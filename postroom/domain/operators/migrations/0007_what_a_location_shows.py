from pathlib import Path
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models

import postroom.base.tenancy.keys
from postroom.base.gazetteer import spot_of_zip
from postroom.base.tenancy import as_platform
from postroom.base.tenancy.operations import Isolate

SQL = Path(__file__).parent.parent / "sql"


def place_locations(apps: Any, schema_editor: Any) -> None:
    """Will say of each location where its US postal code is."""
    with as_platform():
        for location in apps.get_model("operators", "Location").objects.filter(country="US"):
            if spot := spot_of_zip(location.postal_code):
                location.latitude, location.longitude = spot.latitude, spot.longitude
                location.save(update_fields=["latitude", "longitude"])


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0006_numbers_to_reserve"),
    ]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                (
                    "kind",
                    models.CharField(choices=[("png", "PNG"), ("jpeg", "JPEG")], max_length=4),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("alt", models.CharField(max_length=160)),
                ("position", models.PositiveSmallIntegerField()),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddField(
            model_name="location",
            name="description",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name="location",
            name="features",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("parking", "Parking"),
                        ("accessible", "Step-free access"),
                        ("all_hours", "24-hour access"),
                        ("parcel_lockers", "Parcel lockers"),
                        ("notary", "Notary"),
                        ("printing", "Copying and printing"),
                        ("meeting_room", "Meeting room"),
                    ],
                    max_length=20,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="location",
            name="hours",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="location",
            name="latitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="location",
            name="longitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="location",
            name="phone",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="location_lies_on_the_globe",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "features__contained_by",
                        [
                            "parking",
                            "accessible",
                            "all_hours",
                            "parcel_lockers",
                            "notary",
                            "printing",
                            "meeting_room",
                        ],
                    )
                ),
                name="location_has_known_features",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="location",
            field=postroom.base.tenancy.keys.Reference(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="operators.location",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="operator",
            field=postroom.base.tenancy.keys.Reference(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="operators.operator",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.UniqueConstraint(
                fields=("operator", "location", "digest"), name="photo_is_shown_once_at_a_location"
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["png", "jpeg"])), name="photo_is_a_png_or_a_jpeg"
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(("alt", ""), _negated=True), name="photo_says_what_it_shows"
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    models.Func(
                        "content", function="octet_length", output_field=models.IntegerField()
                    ),
                    1000000,
                ),
                name="photo_is_of_1_mb_at_most",
            ),
        ),
        Isolate("Photo"),
        migrations.RunSQL((SQL / "hours.sql").read_text()),
        migrations.RunPython(place_locations),
    ]
