"""The signup channel: what is ticked is seen, the rest is nowhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from postroom.base.tenancy import as_operator, as_public_reader
from postroom.demo.cast import BRONZE, House
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.signed_links import my_plan_url
from tests.conftest import AT
from tests.web.shelf import DEARER, INTERNAL_ONLY, add, join, location, make_legacy, read, say


def test_plans_are_compared_in_plain_words(harbor: House, client: Client) -> None:
    add(harbor, "Silver", description="For a small business.")
    page = read(client, join(harbor))
    assert page.index("Bronze") < page.index("Silver")
    assert "$9.99 a month" in page and "$109.99 a year" in page
    assert "30 incoming mail items a month, then $0.35 each" in page
    assert "For a small business." in page


def test_amounts_are_in_the_operators_format(harbor: House, client: Client) -> None:
    with as_operator(harbor.operator.pk):
        harbor.operator.currency, harbor.operator.locale = "EUR", "de_DE"
        harbor.operator.save(update_fields=["currency", "locale"])
    assert "9,99\N{NO-BREAK SPACE}€ a month" in read(client, join(harbor))


def test_internal_only_plan_is_nowhere_at_once(harbor: House, client: Client) -> None:
    gold = add(harbor, "Gold", Terms(rates={1: 7777}))
    with as_operator(harbor.operator.pk):
        of_ana = my_plan_url(harbor.subscriptions["ana"], datetime.now(UTC))
    pages = [join(harbor), location(harbor), of_ana]
    assert all("Gold" in read(client, page) for page in pages)
    say(harbor, gold, **INTERNAL_ONLY)
    for page in [*pages, f"/locations/?state={harbor.locations[0].state}"]:
        text = read(client, page)
        assert "Gold" not in text and "77.77" not in text and gold.link not in text
    assert "Gold" not in read(client, join(harbor, gold), 404)


def test_channels_are_apart(harbor: House, client: Client) -> None:
    web_only = add(harbor, "Web only", signup=False)
    assert "Web only" not in read(client, join(harbor))
    assert "Web only" not in read(client, join(harbor, web_only), 404)
    assert "Web only" in read(client, location(harbor))


def test_hidden_plan_reads_like_one_that_never_was(harbor: House, client: Client) -> None:
    gold = add(harbor, "Gold")
    say(harbor, gold, **INTERNAL_ONLY)
    hidden = client.get(join(harbor, gold))
    never = client.get(f"{join(harbor)}{'z' * 8}/")
    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content
    assert hidden.headers.items() >= never.headers.items() - {("Expires", never["Expires"])}
    assert f'href="{join(harbor)}"' in hidden.content.decode()


def test_unknown_operator_is_404(client: Client, harbor: House) -> None:
    read(client, "/join/nobody-at-all/", 404)
    read(client, f"/join/nobody-at-all/{harbor.bronze.link}/", 404)


def test_ticked_locations_are_respected(harbor: House, client: Client) -> None:
    west = harbor.locations[1]
    local = add(harbor, "West", locations=frozenset({west.pk}))
    here, there = harbor.locations[0].slug, west.slug
    assert "West" not in read(client, f"{join(harbor)}?location={here}")
    assert "West" in read(client, f"{join(harbor)}?location={there}")
    assert "West" not in read(client, location(harbor, 0))
    assert "West" in read(client, location(harbor, 1))
    page = read(client, join(harbor, local))
    assert west.street in page and harbor.locations[0].street not in page


def test_neighbours_plans_never_show(
    harbor: House, make_house: Callable[..., House], client: Client
) -> None:
    neighbor = make_house("Neighbor Post")
    foreign = add(neighbor, "Foreign")
    assert "Foreign" not in read(client, join(harbor))
    assert "Foreign" not in read(client, location(harbor))
    read(client, f"{join(harbor)}{foreign.link}/", 404)


def test_old_link_lands_on_what_took_its_place(harbor: House, client: Client) -> None:
    copy = add(harbor, "Copy of Bronze", signup=False, lead_gen=False)
    with as_operator(harbor.operator.pk):
        copy.copied_from = harbor.bronze
        copy.save(update_fields=["copied_from"])
    old = join(harbor, harbor.bronze)
    say(harbor, harbor.bronze, name="Bronze Legacy", **INTERNAL_ONLY)
    read(client, old, 404)
    say(harbor, copy, name="Bronze", signup=True)
    landed = client.get(old, follow=True)
    assert landed.redirect_chain == [(join(harbor, copy) + "?landed", 302)]
    page = landed.content.decode()
    assert "no longer offered" in page and "$12.99 a month" in page
    assert "Legacy" not in page and "$9.99" not in page


def test_legacy_act_keeps_the_link_and_hides_the_old_price(harbor: House, client: Client) -> None:
    link = join(harbor, harbor.bronze)
    new = make_legacy(harbor)
    page = read(client, link)
    assert join(harbor, new) == link
    assert "$12.99 a month" in page and "$9.99" not in page and "Legacy" not in page


def test_version_of_tomorrow_is_not_shown(harbor: House, client: Client) -> None:
    with as_operator(harbor.operator.pk):
        publish_version(
            harbor.bronze,
            terms=DEARER,
            sold_from=date(2999, 1, 1),
            existing_from=None,
            by=harbor.owner,
            at=AT,
        )
    assert "$12.99" not in read(client, join(harbor))
    with as_public_reader(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM published.rates WHERE amount_minor = 1299")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", ["plans_plan", "plans_rate", "subscriptions_lead", "users_user"])
def test_public_reader_is_refused_the_tables(harbor: House, table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_public_reader(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT * FROM {table}")


def test_prices_stay_out_of_caches_and_readers_get_no_cookie(harbor: House, client: Client) -> None:
    for address in (join(harbor), join(harbor, harbor.bronze), location(harbor), "/locations/"):
        answer = client.get(address)
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", ")), address
        assert set(answer.cookies) <= {"csrftoken"}
    assert not Client().get(join(harbor)).cookies


def test_staff_who_are_signed_in_read_it_too(harbor: House, client: Client) -> None:
    client.force_login(harbor.owner, backend="postroom.domain.users.signing_in.SigningIn")
    assert "Bronze" in read(client, join(harbor))
    assert "Bronze" in read(client, join(harbor, harbor.bronze))


def test_no_plans_is_said(harbor: House, client: Client) -> None:
    say(harbor, harbor.bronze, **INTERNAL_ONLY)
    page = read(client, join(harbor))
    assert "No plans are offered here at the moment" in page
    assert harbor.locations[0].street not in page


def test_queries_do_not_grow_with_the_plans(
    harbor: House, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        add(harbor, f"Plan {number}", BRONZE)
    with django_assert_max_num_queries(7):
        read(client, join(harbor))
