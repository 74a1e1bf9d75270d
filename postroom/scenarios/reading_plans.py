"""Reading plans: versions in the order published, each listing what changes."""

from dataclasses import replace
from datetime import date

from postroom.domain.plans.services import Offer, Service, Timing
from postroom.domain.plans.terms import NOT_OFFERED, Allowance, Terms
from postroom.scenarios.documents import WHOLE, Place
from postroom.scenarios.examples import Version

MOST_MONTHS = 120
#: What the database holds as a count.
LARGEST = 2**31 - 1
CHANGES = ("setup_fee", "allowances", "existing_from", "timing")


def plan_in(place: Place, currency: str) -> tuple[Version, ...]:
    """Will read a plan's versions; a field left out is as in the version before."""
    versions = list[Version]()
    listed = place.fields(("versions",))["versions"]
    for it in listed.items():
        versions.append(_version(it, versions[-1] if versions else None, currency))
    if not versions:
        raise listed.refused("must hold at least one version")
    return tuple(versions)


def _version(place: Place, before: Version | None, currency: str) -> Version:
    first = ("sold_from", "rates")
    fields = place.fields(*((), (*first, *CHANGES)) if before else (first, CHANGES))
    last = before or Version(Terms(rates={}), date.min, None, Timing.NEXT_TERM)
    terms = last.terms
    if "rates" in fields:
        terms = replace(terms, rates=_rates(fields["rates"], currency))
    if "setup_fee" in fields:
        terms = replace(terms, setup_fee_minor=fields["setup_fee"].amount(currency))
    if "allowances" in fields:
        allowances = {
            _service(key, it): _allowance(key, it, currency)
            for key, it in fields["allowances"].entries().items()
        }
        terms = replace(terms, allowances=allowances)
    existing, timing = fields.get("existing_from"), fields.get("timing")
    return Version(
        terms=terms,
        sold_from=fields["sold_from"].day() if "sold_from" in fields else last.sold_from,
        existing_from=existing.day() if existing else None,
        timing=Timing(timing.choice(*Timing.values)) if timing else Timing.NEXT_TERM,
    )


def _rates(place: Place, currency: str) -> dict[int, int]:
    entries = place.entries()
    if not entries:
        raise place.refused("must hold at least one rate")
    for key in entries:
        if not WHOLE.fullmatch(key) or key.startswith("0") or int(key) > MOST_MONTHS:
            raise Place(key, place.owner, f"a term in {place.path}").wrong(
                f"a number of months from 1 to {MOST_MONTHS}"
            )
    return {int(key): it.amount(currency) for key, it in entries.items()}


def _service(key: str, place: Place) -> Service:
    if key not in Service.values:
        raise place.refused(f"is not a service. There are: {', '.join(Service.values)}")
    return Service(key)


def _allowance(service: str, place: Place, currency: str) -> Allowance:
    if not isinstance(place.value, dict):
        expected = '"unlimited", "not_offered" or an object with a limit'
        if place.value not in ("unlimited", "not_offered"):
            raise place.wrong(expected)
        return Allowance(Offer.UNLIMITED) if place.value == "unlimited" else NOT_OFFERED
    # Storage has no count: what mail lies there says how long.
    stored = service == Service.STORAGE
    extra = ("extra_count", "extra_fee")
    fields = place.fields(*((), ("limit", *extra)) if stored else (("limit",), extra))
    return Allowance(
        Offer.RESTRICTED,
        None if stored else fields["limit"].whole(0, LARGEST),
        fields["extra_count"].whole(1, LARGEST) if "extra_count" in fields else 1,
        fields["extra_fee"].amount(currency) if "extra_fee" in fields else 0,
    )
