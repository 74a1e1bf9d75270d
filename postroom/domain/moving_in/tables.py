"""The tables that are taken along: what each is called, and the columns that people read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from postroom.domain.billing.models import Allocation, Charge, Invoice, InvoiceLine, Payment
from postroom.domain.customers.models import Customer, Mailbox, Recipient
from postroom.domain.events.models import Event
from postroom.domain.notices.models import Answer, Delivery, Notice
from postroom.domain.operators.models import Location, Staff
from postroom.domain.plans.models import (
    Plan,
    PlanVersion,
    Rate,
    ServiceAllowance,
    StorageFee,
    Withdrawal,
)
from postroom.domain.signups.models import Consent, Signup
from postroom.domain.subscriptions.models import (
    Clearance,
    Lead,
    Pin,
    PriceLock,
    Subscription,
    Switch,
    Term,
)
from postroom.domain.usage.models import UsageEntry


@dataclass(frozen=True)
class Exported:
    """A table as it is taken along; a column is a path from its row."""

    name: str
    model: type[Model]
    columns: list[str]

    @property
    def heads(self) -> list[str]:
        """The columns' names: ``customer__name`` is “customer name”, amounts are in full units."""
        return [
            column.replace("__", " ").replace("_minor", "").replace("_", " ")
            for column in self.columns
        ]

    def rows(self) -> QuerySet[Any, tuple[Any, ...]]:
        return self.model._default_manager.order_by("pk").values_list(*self.columns)


def table(name: str, model: type[Model], columns: str) -> Exported:
    return Exported(name, model, columns.split())


RENTED = "subscription_id subscription__customer__name subscription__mailbox__number"

TABLES: list[Exported] = [
    table(
        "locations",
        Location,
        "id name street city state postal_code country time_zone listed tax_percent tax_included"
        " tax_name",
    ),
    table("staff", Staff, "id user__name user__email role since_at"),
    table(
        "customers",
        Customer,
        "id external_id standing kind name email phone street city state postal_code country notes"
        " added_at",
    ),
    table("recipients", Recipient, "id customer_id customer__name name added_at"),
    table("mailboxes", Mailbox, "id location__name number state quarantined_until"),
    table(
        "plans",
        Plan,
        "id name description internal signup lead_gen link copied_from__name succeeded_by__name"
        " succeeded_on created_at",
    ),
    table(
        "plan versions",
        PlanVersion,
        "id plan__name number sold_from existing_from timing for_chosen setup_fee_minor"
        " deposit_minor reason published_at",
    ),
    table("plan rates", Rate, "version_id version__plan__name version__number months amount_minor"),
    table(
        "plan allowances",
        ServiceAllowance,
        "version_id version__plan__name version__number service offer limit extra_count"
        " extra_fee_minor",
    ),
    table(
        "plan storage",
        StorageFee,
        "version_id version__plan__name version__number mail_type free_days fee_minor per"
        " cap_minor",
    ),
    table(
        "withdrawn versions",
        Withdrawal,
        "id version_id version__plan__name version__number reason at",
    ),
    table(
        "subscriptions",
        Subscription,
        "id customer_id customer__name mailbox__location__name mailbox__number plan__name"
        " version__number months starts_on billing_day next_term_on next_bill_on closes_on"
        " added_at",
    ),
    table(
        "terms",
        Term,
        f"id {RENTED} seq version__plan__name version__number months starts_on ends_on basis"
        " opened_at",
    ),
    table(
        "switches",
        Switch,
        f"id {RENTED} plan__name months timing on state version__number not_before at",
    ),
    table("price locks", PriceLock, f"id {RENTED} until reason at"),
    table("pins", Pin, f"id {RENTED} reason at"),
    table(
        "clearances",
        Clearance,
        f"id {RENTED} version__plan__name version__number told_on means first_day last_day told_by"
        " reason recorded_at",
    ),
    table(
        "usage",
        UsageEntry,
        f"id key {RENTED} service quantity on happened_at corrects_id reason recorded_at",
    ),
    table(
        "charges",
        Charge,
        f"id {RENTED} text amount_minor taxable on billed_on taken_back_at entered_at",
    ),
    table(
        "invoices",
        Invoice,
        "number subscription_id customer_id customer_name customer_address billed_on"
        " adjusts__number currency subtotal_minor tax_minor included_tax_minor tax_name total_minor"
        " credited_minor issued_at",
    ),
    table(
        "invoice lines",
        InvoiceLine,
        "id invoice__number kind service starts_on ends_on amount_minor plan_name rate_minor days"
        " whole_days used limit over extra_count extra_fee_minor billed_before_minor tax_percent"
        " text",
    ),
    table(
        "payments",
        Payment,
        "id customer_id customer__name method amount_minor on reference takes_back_id reason"
        " entered_at",
    ),
    table(
        "allocations",
        Allocation,
        "id payment_id credit_note__number invoice__number paid_back_id amount_minor on at",
    ),
    table(
        "notices",
        Notice,
        f"id {RENTED} announcement__plan__name first_day gates envelope__title envelope__text"
        " envelope__state envelope__address envelope__written_at",
    ),
    table(
        "deliveries",
        Delivery,
        "id envelope__customer__name envelope__title kind round at on address code said",
    ),
    table("answers", Answer, "id notice_id kind closes_on words at"),
    table(
        "signups",
        Signup,
        "id source state location__name plan__name version__number months mailbox__number kind name"
        " email phone street city state_of_address postal_code country agreed_words agreed_at"
        " reason decided_at started_at",
    ),
    table(
        "consents",
        Consent,
        "id customer_id customer__name version__number months words email agreed_at",
    ),
    table("leads", Lead, "id plan__name location__name source name email phone message at"),
    table("events", Event, "id at by_name act subject_kind subject_id facts"),
]
