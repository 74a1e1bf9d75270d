"""People who have asked Harbor Mail for a plan and are waiting for an answer."""

import json
from pathlib import Path

from postroom.base.sql import rows
from postroom.base.tenancy import as_public_reader
from postroom.demo.calendar import Calendar, at
from postroom.domain.operators.models import Operator

ASKING = (
    ("Silver", "Nadia Rahman", "+1 917 555 0110", "Do you take parcels on Saturdays?"),
    ("Bronze", "Owen McBride", "", ""),
    ("Gold", "Lakeside Ceramics LLC", "+1 312 555 0128", "We move in May. Can the number be even?"),
    ("Bronze", "Pilar Echeverría", "+34 600 555 012", ""),
    ("Plan A", "Kenji Watanabe", "", "I travel for a year. Do you scan everything?"),
)


def leave_leads(operator: Operator, calendar: Calendar) -> int:
    """Will leave a lead for each of these people, as visitors; returns how many were taken."""
    asking = [
        {
            "plan": plan,
            "name": name,
            "email": f"{name.split()[0].lower()}@visitors.example",
            "phone": phone,
            "message": message,
            "at": at(calendar.days(-1 - 3 * count)).isoformat(),
        }
        for count, (plan, name, phone, message) in enumerate(ASKING)
    ]
    facts = {"operator": operator.pk, "asking": json.dumps(asking)}
    with as_public_reader():
        return len(rows(Path(__file__).parent / "sql" / "leave_lead.sql", facts))
