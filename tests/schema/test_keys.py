"""Every key of every tenant's table, broken: the operator's, the composite ones and the others."""

from collections.abc import Callable

import pytest
from django.db import models

from postroom.base.tenancy import as_operator, as_platform
from postroom.base.tenancy.keys import Reference
from postroom.demo.cast import House
from tests.conftest import AT, ON
from tests.everything import fill
from tests.tables import again, ask, breaking, change, named, references, tenant_models

NEW_FORM = {"entered_by_form": "gen_random_uuid()"}
BY_HAND = NEW_FORM | {
    "number": "number + 90",
    "adjusts_id": "billing_invoice.id",
    "entered_by_id": "(SELECT min(id) FROM users_user)",
    "run_id": "NULL",
}

MAIL = {"message_id": "'<2@mail.example>'", "first_day": "first_day + 1"}
MOVE = {"kind": "'move'", "announcement_id": "announcement_id + 1"}

#: What else must differ in a row for the key to be the first thing that is wrong with it.
BESIDES: dict[str, dict[str, str]] = {
    "billing_invoice.subscription_id": {"number": "number + 90"},
    "billing_invoice.customer_id": {"number": "number + 90", "billed_on": "billed_on + 90"},
    "billing_invoice.switch_id": {"number": "number + 90"},
    "billing_invoice.run_id": {"number": "number + 90", "billed_on": "billed_on + 90"},
    "billing_invoice.adjusts_id": BY_HAND,
    "billing_invoice.entered_by_id": BY_HAND,
    "billing_payment.customer_id": NEW_FORM,
    "billing_payment.takes_back_id": NEW_FORM | {"amount_minor": "-400", "reason": "'Bounced'"},
    "billing_payment.entered_by_id": NEW_FORM,
    "billing_openitem.payment_id": {"invoice_id": "NULL"},
    "billing_posting.invoice_id": {"payment_id": "NULL"},
    "billing_allocation.payment_id": {"credit_note_id": "NULL"},
    "billing_allocation.paid_back_id": {"invoice_id": "NULL"},
    "billing_invoiceline.invoice_id": {"revision": "revision + 1"},
    "billing_invoiceline.version_id": {"revision": "revision + 1"},
    "billing_invoiceline.charge_id": {"kind": "'charge'"},
    "notices_envelope.announcement_id": MAIL,
    "notices_envelope.customer_id": MAIL,
    "notices_envelope.about_id": MAIL,
    "notices_envelope.asked_by_id": MAIL,
    "notices_notice.envelope_id": {"first_day": "first_day + 1"},
    "notices_noticeclearance.notice_id": {"clearance_id": "clearance_id - 1"},
    "notices_answer.notice_id": {"sent_by_form": "NULL"},
    "notices_answer.by_id": {"sent_by_form": "NULL"},
    "plan_changes_planchange.plan_id": MOVE,
    "plan_changes_planchange.version_id": MOVE,
    "plan_changes_planchange.announcement_id": {"kind": "'move'"},
    "plan_changes_planchange.replaces_id": MOVE,
    "plan_changes_planchange.reverses_id": MOVE,
    "plan_changes_planchange.scheduled_by_id": MOVE,
    "plan_changes_planchange.withdrawn_by_id": MOVE,
    "subscriptions_switch.moves_to_id": {"not_before": '"on"'},
    "operators_letterhead.entered_by_id": NEW_FORM,
    "plans_plan.succeeded_by_id": {"succeeded_on": "'2026-01-01'"},
    "plans_planversion.published_by_id": {"number": "number + 90"},
    "plans_withdrawal.by_id": {"version_id": "version_id - 1"},
    "subscriptions_clearancevoid.by_id": {"clearance_id": "clearance_id + 1"},
    "signups_consent.customer_id": {"agreed_at": "agreed_at + interval '1 day'"},
    "signups_consent.signup_id": {"agreed_at": "agreed_at + interval '1 day'"},
    "signups_consent.version_id": {"agreed_at": "agreed_at + interval '1 day'"},
    "signups_signup.subscription_id": {"state": "'approved'", "decided_at": "seen_at"},
    "subscriptions_term.switch_id": {"seq": "99", "basis": "'own_act'"},
    "subscriptions_term.version_id": {"seq": "99"},
    "usage_usageentry.subscription_id": {"key": "'another'"},
    "usage_usageentry.corrects_id": {"key": "'another'", "reason": "'A slip'"},
    "usage_usageentry.recorded_by_id": {"key": "'another'"},
}

#: Keys that the same wrong row breaks as well; the database may look at them first.
ALSO = {
    "subscriptions_subscription": "subscription_holds_a_version_of_its_plan",
    "subscriptions_term": "first_term_starts_with_its_subscription",
}


def write(table: str, column: str, value: int) -> None:
    """Will change a row, or add one where rows never change."""
    values = BESIDES.get(f"{table}.{column}", {}) | {column: str(value)}
    refuses_update = ask(
        "SELECT true FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
        " AND tgtype & 16 > 0",
        table,
    )
    (again if refuses_update else change)(table, **values)


@pytest.mark.parametrize(("model", "field"), references(to_tenants=True), ids=named)
def test_a_neighbours_row_is_not_referred_to(
    full: House,
    make_house: Callable[..., House],
    model: type[models.Model],
    field: Reference,
) -> None:
    neighbour = make_house("Neighbor Post")
    with as_operator(neighbour.operator.pk):
        fill(neighbour, at=AT, on=ON)
        [(theirs,)] = ask(f"SELECT min(id) FROM {field.related_model._meta.db_table}")
    table = model._meta.db_table
    with breaking(f"{table}_{field.name}_is_of_same_operator", ALSO.get(table, "")):
        write(table, field.column, theirs)


#: Events hold their operator without a key, on purpose.
WITH_A_KEY = [it for it in tenant_models() if it._meta.label != "events.Event"]


@pytest.mark.parametrize("model", WITH_A_KEY, ids=named)
def test_an_operator_that_does_not_exist(full: House, model: type[models.Model]) -> None:
    table = model._meta.db_table
    keys = [
        name
        for (name,) in ask(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            table,
        )
    ]
    assert f"{table}_operator_exists" in keys
    with as_platform(), breaking(*keys):
        again(table, operator_id="-1")


PEOPLE = [it for it in references(to_tenants=False) if it[1].name != "operator"]


@pytest.mark.parametrize(("model", "field"), PEOPLE, ids=named)
def test_a_person_who_does_not_exist(
    full: House, model: type[models.Model], field: Reference
) -> None:
    table = model._meta.db_table
    with breaking(f"{table}_{field.name}_exists"):
        write(table, field.column, -1)
