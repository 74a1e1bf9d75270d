"""A crowd that does a little of everything, and two connections that work on it at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from django.db import connection

from postroom.base.tenancy import as_operator
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Service, Timing
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_worlds import GOLD, NEXT_TERM, Shop
from tests.tables import ask


def meanwhile(
    shop: Shop, first: Callable[[], Any], second: Callable[[], Any], *more: Callable[[], Any]
) -> list[Any]:
    """Will do both at once: the first one commits when the second one waits for it.

    Before that it does more.
    """
    done = Event()

    def lead() -> Any:
        with as_operator(shop.operator.pk):
            result = first()
            done.set()
            _until_somebody_waits_for_us()
            for act in more:
                act()
            return result

    def follow() -> Any:
        assert done.wait(10)
        with as_operator(shop.operator.pk):
            return second()

    def closing(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return [it.result(20) for it in [threads.submit(closing, act) for act in (lead, follow)]]


def _until_somebody_waits_for_us() -> None:
    us = "pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    for _ in range(500):
        if ask(f"SELECT true FROM pg_locks WHERE NOT granted AND {us}"):
            return
        time.sleep(0.02)
    pytest.fail("nobody waited for the lock")


def crowd(shop: Shop, count: int, *, days: int = 31) -> list[Subscription]:
    """Will move a mixed crowd in, bill it once on 10 February, and then do what moves its bills.

    They come in January, on so many of its days.
    """
    gold, silver = shop.plan(), shop.plan(replace(GOLD, rates={1: 1999, 12: 19900}), name="Silver")
    shop.tax("8.875")
    came = [_come(shop, gold, n, days) for n in range(count)]
    shop.run("24-02-10")
    shop.publish(
        gold, replace(GOLD, rates={1: 2900}), on="24-02-20", at="24-02-11", timing=Timing.ON_DATE
    )
    worse = shop.publish(gold, replace(GOLD, rates={1: 3333}), on="24-03-05", at="24-02-11")
    for n, it in enumerate(came):
        if n % 3 == 0:
            shop.tell(it, worse, "24-02-11")
        _act(shop, silver, it, n)
    return came


def _come(shop: Shop, plan: Plan, n: int, days: int) -> Subscription:
    start = f"24-01-{31 - n * 7 % days:02}"
    facts = {"months": 12 if n % 5 == 4 else 1} | ({"billing_day": 1} if n % 4 == 3 else {})
    it = shop.join(plan, start, who=f"W{n // 2}", place=n % len(shop.places), **facts)
    shop.use(it, 1 + n % 7, "24-02-01")
    shop.use(it, 4 + n % 3, "24-02-03", service=Service.RECIPIENTS)
    return it


def _act(shop: Shop, silver: Plan, it: Subscription, n: int) -> None:
    """Will let every customer do or suffer something else on 11 February."""
    today = "24-02-11"
    shop.use(it, 1 + n % 4, "24-01-31", entered=today)
    if n % 9 == 5:
        shop.close(it, "24-02-15", on=today)
    elif n % 9 == 6:
        shop.close(it, "24-03-10", on=today)
    elif n % 8 == 6:
        shop.switch(it, silver, today)
    elif n % 8 == 2:
        shop.switch(it, silver, today, timing=NEXT_TERM)
    if n % 6 == 1:
        shop.charge(it, 700 + n, today, text=f"Key {n}")
