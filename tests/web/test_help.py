"""Reading the knowledge base: who may, what is found, and at what cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from postroom.base.tenancy import as_platform
from postroom.demo.cast import House
from postroom.domain.knowledge_base.actions import Text, write_down
from postroom.domain.knowledge_base.searching import FOUND, UNTIL, search
from postroom.web.help.catalog import catalog
from postroom.web.help.indexing import write_down_all
from tests.web.test_every_url import DESK, Rows, address, rows, signed_in

__all__ = ["rows"]  # The fixture of every address.
BACKEND = "postroom.domain.users.signing_in.SigningIn"
CHANGE = "make-changes-to-your-service-plans"
PAGES = ["index", "solutions", "search"]


def article(slug: str = CHANGE) -> str:
    return reverse("help:article", args=[slug])


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_breadcrumbs_say_where_it_is(db: None, client: Client) -> None:
    page = read(client, article())
    crumbs = page[page.index('aria-label="Breadcrumbs"') :]
    steps = ["Operator Knowledge Base", "Solution home", "Customer Management", "Service Plans"]
    places = [crumbs.index(f">{step}</a>") for step in steps]
    assert places == sorted(places)
    assert "Make Changes to Your Service Plans</h1>" in page


@pytest.mark.parametrize("slug", list(catalog().articles))
def test_every_article_is_shown(db: None, client: Client, slug: str) -> None:
    page = read(client, article(slug))
    assert catalog().articles[slug].title.replace("'", "&#x27;") in page
    assert "Was this article helpful?" in page


@pytest.mark.parametrize("slug", list(catalog().sections))
def test_every_section_lists_its_own_and_those_within(db: None, client: Client, slug: str) -> None:
    page = read(client, reverse("help:section", args=[slug]))
    here = catalog().sections[slug]
    shown = [it for part in [here, *catalog().inside(here)] for it in catalog().of(part)]
    assert shown and all(it.summary.replace("'", "&#x27;") in page for it in shown)


def test_what_is_not_there_is_404(db: None, client: Client) -> None:
    for name in ("article", "section", "not_helpful"):
        assert client.get(reverse(f"help:{name}", args=["no-such"])).status_code == 404
    assert client.post(reverse("help:helpful", args=["no-such"])).status_code == 404


def test_for_staff_only_by_setting(harbor: House, client: Client, settings: Any) -> None:
    settings.HELP_PUBLIC = False
    for url in [article(), *(reverse(f"help:{it}") for it in PAGES)]:
        answer = client.get(url)
        assert answer.status_code == 302 and "/accounts/login/?next=/help/" in answer["Location"]
    refused = client.post(reverse("help:helpful", args=[CHANGE]))
    assert refused.status_code == 302 and "/accounts/login/" in refused["Location"]
    client.force_login(harbor.owner, backend=BACKEND)
    assert "Make Changes" in read(client, article())


def test_a_page_of_the_desk_leads_to_its_article(harbor: House, client: Client) -> None:
    client.force_login(harbor.owner, backend=BACKEND)
    url = reverse("desk:plan", kwargs={"slug": harbor.operator.slug, "plan_id": harbor.bronze.pk})
    about = reverse("help:about", args=["plan"])
    assert f'href="{about}"' in read(client, url)
    assert client.get(about)["Location"] == article()
    assert client.get(reverse("help:about", args=["unheard-of"]))["Location"] == "/help/"


def test_every_page_of_the_desk_has_its_article(harbor: House, rows: Rows) -> None:
    client = signed_in(harbor.owner)
    pages = set()
    for pattern in DESK:
        answer = client.get(address(pattern, harbor.operator.slug, rows))
        about = reverse("help:about", args=[str(pattern.name)])
        is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        if is_page and f'href="{about}"' in answer.content.decode():
            pages.add(str(pattern.name))
    assert len(pages) > 60
    assert pages - set(catalog().by_page) == set()


@pytest.mark.parametrize(
    "typed",
    [
        "legacy plan",
        '"existing customers"',
        "SERVICE PLANS CHANGES -elephant",
        "plan's rates",
        "unlimit",
    ],
)
def test_searching_finds_with_what_was_found_marked(db: None, client: Client, typed: str) -> None:
    page = read(client, f"/help/search/?q={typed}")
    assert f'<a href="{article()}">' in page and "<mark>" in page


@pytest.mark.parametrize(
    "typed",
    ["qqqqzzz", "'", '"', "a:* | b & !", "\0", "<script>", "x" * 5000, "%", ":*", "()", "—"],
)
def test_nonsense_finds_nothing_and_breaks_nothing(db: None, client: Client, typed: str) -> None:
    answer = client.get("/help/search/", {"q": typed})
    page = answer.content.decode()
    assert answer.status_code == 200 and "<script>" not in page.replace("<script defer", "")[400:]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "7", "²", "\0"])
def test_any_page_of_what_was_found(db: None, client: Client, page: str) -> None:
    assert client.get("/help/search/", {"q": "plan", "page": page}).status_code == 200


def test_the_best_comes_first_and_beginnings_last(db: None) -> None:
    texts = [
        Text("rare", "Something Else", "About it.", "", "Once the word platypus stands in here."),
        Text("title", "The Platypus", "About it.", "", "Nothing of the kind."),
    ]
    with as_platform():
        assert write_down(texts=texts) == 2
    hits = search("platypus", limit=9)
    assert [it.slug for it in hits.page] == ["title", "rare"] and not hits.only_alike
    assert f"{FOUND}platypus{UNTIL}" in hits.page[1].excerpt
    alike = search("platyp unheard", limit=9)
    assert alike.only_alike and alike.count == 2


def test_articles_that_are_no_more_are_not_found(db: None) -> None:
    with as_platform():
        write_down(texts=[Text("old", "Platypus", "About it.", "", "It was there.")])
    assert write_down_all() == len(catalog().articles)
    assert search("platypus", limit=9).count == 0


def test_what_begins_alike_has_pages_too(db: None) -> None:
    """A whole page of articles has neither word, and each has one that begins like them."""
    first = search("custo pla", limit=10)
    rest = search("custo pla", limit=10, offset=10)
    assert first.only_alike and rest.only_alike and rest.page
    assert first.count == rest.count > 10
    assert not {it.slug for it in first.page} & {it.slug for it in rest.page}
    assert search("plan", limit=10, offset=1000).page == []


@pytest.mark.parametrize("who", ["visitor", "owner"])
def test_pages_ask_the_database_as_little_as_before(
    harbor: House, client: Client, who: str
) -> None:
    if who == "owner":
        client.force_login(harbor.owner, backend=BACKEND)
    counts = {}
    for url in [article(), *(reverse(f"help:{it}") for it in PAGES)]:
        with CaptureQueriesContext(connection) as asked:
            read(client, url)
        counts[url] = len(
            [it for it in asked if not it["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        )
    assert max(counts.values()) <= (2 if who == "visitor" else 5), counts
