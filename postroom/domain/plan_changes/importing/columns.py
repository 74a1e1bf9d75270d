"""The columns that an import reads: the template's exact ones, and those of published tables."""

import csv
import io
import re

from babel.numbers import get_decimal_symbol

from postroom.base import money
from postroom.domain.plans.services import COUNTED, Channel, MailType

#: What a published plan table calls a column, and what it is here.
ALIASES = {
    "incoming_items": "incoming_mail_limit",
    "page_scans": "scanned_pages_limit",
    "open_and_scan_items": "open_and_scan_limit",
    "storage_days_letter": "storage_letter_free_days",
    "storage_days_package": "storage_package_free_days",
}

#: Columns in sentences, of which only the unambiguous part is read; the rest is reported.
PROSE = ["recipients", "forwarding", "shredding", "overage_notes"]
#: Columns that say where a row comes from; they are kept in its notes.
ORIGIN = ["provider", "location", "source"]

RATE = re.compile(r"rate_(\d{1,3})_months?")

TEMPLATE = [
    "plan",
    "description",
    "currency",
    "monthly_rate",
    "annual_rate",
    "rate_3_months",
    "rate_6_months",
    "setup_fee",
    "deposit",
    *(f"visible_{channel.value}" for channel in Channel),
    "locations",
    *(
        f"{service.value}_{part}"
        for service in COUNTED
        for part in ("limit", "extra_count", "extra_fee")
    ),
    "storage",
    *(
        f"storage_{mail_type.value}_{part}"
        for mail_type in MailType
        for part in ("free_days", "fee", "per", "cap")
    ),
]

KNOWN = {*TEMPLATE, *ALIASES, *PROSE, *ORIGIN}

HELP = """\
The first row of the file names the columns, in any order; only “plan” must be there, with at least
one rate in each row. An empty cell says nothing: a new plan then does not offer that service, and
a plan that you already have keeps what it has.

plan, description            the plan's words; the name finds a plan that you already have
currency                     your own, if given; any other is an error
monthly_rate, annual_rate    rates for terms of 1 and 12 months; “none” ends one
rate_N_months                the rate for another term, such as rate_6_months
setup_fee, deposit           asked once, the deposit refundable
visible_internal, visible_signup, visible_lead_gen
                             yes or no; a new plan is Internal unless the file says otherwise
locations                    names of your locations, separated by “|”, or “all”
SERVICE_limit                a number a month, “unlimited” or “not offered”, where SERVICE is
                             one of {services}
SERVICE_extra_count, SERVICE_extra_fee
                             beyond the limit, each count or fraction of it costs the fee
storage                      “unlimited” or “not offered”; else give the rules:
storage_letter_free_days, …_fee, …_per (day, week or month), …_cap
storage_package_free_days    and so on, for packages

Also read, as published plan tables write them: {aliases}; and of the sentences in {prose} the
part that has one meaning. Whatever is not understood is reported on its row, never guessed.
""".format(
    services=", ".join(service.value for service in COUNTED),
    aliases=", ".join(ALIASES),
    prose=", ".join(PROSE),
)


def is_known(column: str) -> bool:
    """Will tell whether an import reads a column of that name."""
    return column in KNOWN or RATE.fullmatch(column) is not None


def template(currency: str, locale: str) -> str:
    """Will return our own table as CSV: every column, and one plan as an example."""
    example = {
        "plan": "Example Bronze",
        "description": "A street address, with your mail a click away.",
        "currency": currency,
        "monthly_rate": _amount(999, currency, locale),
        "annual_rate": _amount(10999, currency, locale),
        "visible_internal": "yes",
        "visible_signup": "no",
        "visible_lead_gen": "no",
        "locations": "all",
        "incoming_mail_limit": "30",
        "incoming_mail_extra_count": "1",
        "incoming_mail_extra_fee": _amount(35, currency, locale),
        "check_deposit_limit": "not offered",
        "recycle_limit": "unlimited",
        "storage_letter_free_days": "30",
        "storage_letter_fee": _amount(5, currency, locale),
        "storage_letter_per": "day",
    }
    out = io.StringIO(newline="")
    # Where amounts have a comma, spreadsheets part the columns by semicolons.
    delimiter = ";" if get_decimal_symbol(locale) == "," else ","
    writer = csv.DictWriter(out, TEMPLATE, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerow(example)
    return out.getvalue()


def _amount(cents: int, currency: str, locale: str) -> str:
    """Will write an example amount: a hundredth of the unit, where the currency has such."""
    minor = cents * 10 ** money.precision(currency) // 100
    return money.plain(minor, currency, locale)
