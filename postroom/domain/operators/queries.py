from postroom.domain.operators.models import Operator, Staff


def memberships(user_id: int) -> list[Staff]:
    """Will return a person's places, each with its operator. Works in the member's own scope."""
    return list(
        Staff.objects.filter(user_id=user_id).select_related("operator").order_by("operator__name")
    )


def all_operators() -> list[Operator]:
    """Will return every operator, for the worker who then works as each."""
    return list(Operator.objects.order_by("id"))
