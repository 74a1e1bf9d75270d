import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROOM = Path(__file__).parent.parent


def load(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Will start with the rules of November 2026; from then on they are kept by hand."""
    with (ROOM / "data" / "notice_rules.csv").open(encoding="utf-8", newline="") as file:
        rules = [read(row) for row in csv.DictReader(file)]
    model = apps.get_model("notices", "NoticeRule")
    model.objects.bulk_create([model(**it) for it in rules])


def read(row: dict[str, str]) -> dict[str, Any]:
    days = re.fullmatch(r"(\d+)( working days)?", row["min_days_before"])
    assert days is not None, row
    return {
        **{name: row[name] for name in ("jurisdiction", "applies_to", "what")},
        **{name: row[name] for name in ("needs", "source", "certainty")},
        "least_days": int(days[1]),
        "working_days": days[2] is not None,
        "most_days": int(row["max_days_before"]) if row["max_days_before"] else None,
        "reminder": row["what"] == "renewal reminder",
        "in_force_from": date.fromisoformat(row["in_force_from"]) if row["in_force_from"] else None,
    }


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_rules_on_notice")]
    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL((ROOM / "sql" / "rules_are_read_by_all.sql").read_text()),
    ]
