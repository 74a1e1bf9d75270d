from django.db import models
from django.db.models.functions import Lower

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import Location, TenantModel
from postroom.domain.plans.services import Channel, MailType, Offer, Per, Service, Timing

Q = models.Q

NAME_LENGTH = 80


class Plan(TenantModel):
    """A service plan: its words, who may see it, where it came from and what took its place."""

    name = models.CharField(max_length=NAME_LENGTH)
    description = models.TextField(max_length=2000, blank=True)
    internal = models.BooleanField(default=True)
    signup = models.BooleanField(default=False)
    lead_gen = models.BooleanField(default=False)
    #: What stands in the plan's lasting public address.
    link = models.CharField(max_length=24)
    #: Counts the saves of words and visibility, so that two editors notice each other.
    revision = models.PositiveIntegerField(default=1)
    copied_from = Reference("self", null=True)
    #: The key of the form that made this plan: sent twice, it makes one.
    made_by_form = models.UUIDField(null=True)
    #: Set on a legacy plan: what took its name, visibility and link, and when.
    succeeded_by = Reference("self", null=True)
    succeeded_on = models.DateField(null=True)
    locations = models.ManyToManyField(Location, through="PlanLocation", related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "operator", Lower("name"), name="plan_name_is_unique_for_its_operator"
            ),
            models.UniqueConstraint(
                fields=["operator", "link"], name="plan_link_is_unique_for_its_operator"
            ),
            models.UniqueConstraint(
                fields=["operator", "made_by_form"], name="plan_is_made_once_by_a_form"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="plan_has_a_name"),
            models.CheckConstraint(
                condition=Q(succeeded_by__isnull=True, succeeded_on__isnull=True)
                | Q(succeeded_by__isnull=False, succeeded_on__isnull=False),
                name="plan_succession_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def channels(self) -> list[Channel]:
        """Where this plan may be seen now."""
        return [channel for channel in Channel if getattr(self, channel.value)]


class PlanLocation(TenantModel):
    """A location that a plan is ticked for; a plan without any is offered at all of them."""

    plan = Reference(Plan)
    location = Reference(Location)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "plan", "location"], name="plan_is_at_a_location_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} at {self.location}"


class PlanVersion(TenantModel):
    """The terms of a plan as published: never changed, only followed by another."""

    plan = Reference(Plan)
    number = models.PositiveIntegerField()
    sold_from = models.DateField()
    #: From when customers already on the plan may get it; without one they keep theirs.
    existing_from = models.DateField(null=True)
    timing = models.CharField(max_length=10, choices=Timing, default=Timing.NEXT_TERM)
    #: Whether only chosen ones of the existing customers may get it: ``subscriptions.Chosen``.
    for_chosen = models.BooleanField(default=False)
    setup_fee_minor = models.BigIntegerField(default=0)
    deposit_minor = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    published_by = Reference("users.User", null=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["plan_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "plan", "number"], name="plan_versions_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["operator", "plan", "id"], name="plan_version_is_of_one_plan"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="plan_versions_start_at_one"),
            models.CheckConstraint(
                condition=Q(setup_fee_minor__gte=0, deposit_minor__gte=0),
                name="plan_version_fees_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(timing__in=Timing.values), name="plan_version_timing_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, version {self.number}"


class Rate(TenantModel):
    """What a term of so many months costs."""

    version = Reference(PlanVersion, related_name="rates")
    months = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ["months"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "version", "months"], name="version_has_one_rate_for_a_term"
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, 120)), name="rate_is_for_one_to_120_months"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="rate_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.months} months"


class ServiceAllowance(TenantModel):
    """How much of a service a version includes; a service without a row is not offered."""

    version = Reference(PlanVersion, related_name="allowances")
    service = models.CharField(max_length=20, choices=Service)
    offer = models.CharField(max_length=12, choices=Offer)
    limit = models.PositiveIntegerField(null=True)
    extra_count = models.PositiveIntegerField(default=1)
    extra_fee_minor = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "version", "service"],
                name="version_has_one_allowance_for_a_service",
            ),
            models.CheckConstraint(
                condition=Q(service__in=Service.values), name="allowance_service_is_known"
            ),
            models.CheckConstraint(
                condition=Q(offer=Offer.UNLIMITED, limit__isnull=True)
                | Q(offer=Offer.RESTRICTED, service=Service.STORAGE, limit__isnull=True)
                | (Q(offer=Offer.RESTRICTED, limit__isnull=False) & ~Q(service=Service.STORAGE)),
                name="only_a_restricted_allowance_has_a_limit",
            ),
            models.CheckConstraint(
                condition=Q(extra_count__gte=1, extra_fee_minor__gte=0),
                name="allowance_extra_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()}: {self.get_offer_display()}"


class StorageFee(TenantModel):
    """Free days for a type of mail, then a fee for each item and unit of time."""

    version = Reference(PlanVersion, related_name="storage_fees")
    mail_type = models.CharField(max_length=10, choices=MailType)
    free_days = models.PositiveIntegerField()
    fee_minor = models.BigIntegerField()
    per = models.CharField(max_length=5, choices=Per)
    cap_minor = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["mail_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "version", "mail_type"],
                name="version_has_one_storage_fee_for_a_mail_type",
            ),
            models.CheckConstraint(
                condition=Q(mail_type__in=MailType.values, per__in=Per.values),
                name="storage_fee_words_are_known",
            ),
            models.CheckConstraint(
                condition=Q(fee_minor__gte=0) & (Q(cap_minor__isnull=True) | Q(cap_minor__gte=0)),
                name="storage_fee_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mail_type_display()}: {self.free_days} days"


class Comparison(TenantModel):
    """Whether one version is worse than another for terms of so many months.

    Worked out once at publishing by ``plans.terms.is_worse``, in both directions, for the one
    rule to join.
    """

    held = Reference(PlanVersion)
    other = Reference(PlanVersion)
    months = models.PositiveSmallIntegerField()
    worse = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "held", "other", "months"],
                include=["worse"],
                name="versions_are_compared_once",
            ),
            models.CheckConstraint(
                condition=~Q(held=models.F("other")), name="comparison_is_of_two_versions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other} after {self.held}"


class Withdrawal(TenantModel):
    """Stops a version for everybody whose term has not yet opened under it."""

    version = Reference(PlanVersion)
    reason = models.CharField(max_length=300)
    by = Reference("users.User", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "version"], name="version_is_withdrawn_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}, withdrawn"


class Draft(TenantModel):
    """Terms that somebody typed for a plan with customers, waiting for the question's answer."""

    plan = Reference(Plan)
    by = Reference("users.User")
    #: The number of the version that the typed terms were changed from.
    changed_from = models.PositiveIntegerField()
    terms = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    #: The version that this takes the place of: a scheduled change that is being edited.
    replaces = Reference(PlanVersion, null=True)
    #: The version that this takes back.
    reverses = Reference(PlanVersion, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "plan", "by"], name="person_has_one_draft_of_a_plan"
            )
        ]

    def __str__(self) -> str:
        return f"Draft of {self.plan}"
