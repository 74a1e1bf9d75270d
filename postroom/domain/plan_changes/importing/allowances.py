"""The allowances of a row: what is counted by the month, and how mail is stored."""

from postroom.base.refusals import Refused
from postroom.domain.plan_changes.importing.cells import Cells, NotALimit, NotOneOf
from postroom.domain.plans.services import COUNTED, MailType, Offer, Per, Service
from postroom.domain.plans.terms import NOT_OFFERED, Allowance, StorageRule, Terms

UNLIMITED = {"unlimited"}
NONE = {"not offered", "none", "no"}


class LimitMissing(Refused):
    """Give the allowance as well: 0 if every one costs extra."""


class FreeDaysMissing(Refused):
    """Give the free days as well: 0 if there are none."""


def counted(cells: Cells, before: Terms) -> dict[Service, Allowance]:
    """Will read the allowance of every service that is counted, and keep those not found."""
    allowances = {service: _allowance(cells, service, before) for service in COUNTED}
    cells.missing += [
        service.label
        for service, allowance in allowances.items()
        if allowance == NOT_OFFERED and not cells.has(f"{service.value}_limit")
    ]
    return {it: allowance for it, allowance in allowances.items() if allowance != NOT_OFFERED}


def _allowance(cells: Cells, service: Service, before: Terms) -> Allowance:
    columns = [f"{service.value}_{part}" for part in ("limit", "extra_count", "extra_fee")]
    had = before.allowance(service)
    typed = cells.word(columns[0])
    if not cells.has(*columns):
        return had
    if typed in NONE:
        return NOT_OFFERED
    if typed in UNLIMITED or (not typed and had.offer == Offer.UNLIMITED):
        if cells.has(*columns[1:]):
            cells.notes.append(f"Not imported: the extra fee of {service.label}, unlimited here.")
        return Allowance(Offer.UNLIMITED)
    limit = cells.count(columns[0], wrong=NotALimit)
    count = cells.count(columns[1], least=1)
    fee = cells.amount(columns[2])
    if not typed and had.limit is None:
        cells.refuse(columns[0], LimitMissing())
        return had
    if fee is None and had.offer != Offer.RESTRICTED and not cells.has(columns[2]):
        if limit == 0:
            # None included at no fee would be given away without end.
            cells.notes.append(f"{service.label}: 0 and no extra fee was found, so not offered.")
            return NOT_OFFERED
        what = f"{service.label} beyond {limit}"
        cells.notes.append(f"{what}: no extra fee was found, so they cost nothing.")
    return Allowance(
        Offer.RESTRICTED,
        had.limit or 0 if limit is None else limit,
        had.extra_count if count is None else count,
        had.extra_fee_minor if fee is None else fee,
    )


def stored(
    cells: Cells, before: Terms
) -> tuple[dict[Service, Allowance], dict[MailType, StorageRule]]:
    """Will read how mail is stored: the allowance, and the rules by type of mail."""
    had, typed = before.allowance(Service.STORAGE), cells.word("storage")
    ruled = [it for it in MailType if cells.has(*_columns(it))]
    if typed and typed not in NONE | UNLIMITED:
        cells.refuse("storage", NotOneOf(typed=typed, known="“unlimited” or “not offered”"))
    if typed in NONE:
        return {}, {}
    if typed in UNLIMITED:
        return {Service.STORAGE: Allowance(Offer.UNLIMITED)}, {}
    if not ruled:
        if had == NOT_OFFERED:
            cells.missing.append(Service.STORAGE.label)
        return ({} if had == NOT_OFFERED else {Service.STORAGE: had}), dict(before.storage)
    rules = dict(before.storage)
    for mail_type in ruled:
        rules[mail_type] = _rule(cells, mail_type, before.storage.get(mail_type))
    for mail_type in MailType:
        if mail_type not in rules:
            cells.notes.append(f"No storage rule was found for a {mail_type}: it is kept free.")
    return {Service.STORAGE: Allowance(Offer.RESTRICTED)}, rules


def _columns(mail_type: MailType) -> list[str]:
    return [f"storage_{mail_type.value}_{part}" for part in ("free_days", "fee", "per", "cap")]


def _rule(cells: Cells, mail_type: MailType, had: StorageRule | None) -> StorageRule:
    days_column, fee_column, per_column, cap_column = _columns(mail_type)
    days, fee = cells.count(days_column), cells.amount(fee_column)
    cap, per = cells.amount(cap_column), cells.word(per_column)
    if not cells.has(days_column) and had is None:
        cells.refuse(days_column, FreeDaysMissing())
    if not cells.has(fee_column) and had is None:
        cells.notes.append(f"Storage of a {mail_type}: no fee was found, so it is kept free.")
    if per and per not in Per.values:
        cells.refuse(per_column, NotOneOf(typed=per, known="day, week or month"))
        per = ""
    if fee and not per and had is None:
        cells.notes.append(f"Storage of a {mail_type}: the fee is taken to be for a day.")
    had = had or StorageRule(0, 0)
    return StorageRule(
        free_days=had.free_days if days is None else days,
        fee_minor=had.fee_minor if fee is None else fee,
        per=Per(per) if per else had.per,
        cap_minor=had.cap_minor if cap is None else cap,
    )
