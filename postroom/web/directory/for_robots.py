"""What search engines ask for first: which pages there are, and which they need not read."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import escape

from postroom.domain.plans.directory import Address, addresses, states
from postroom.web.directory.access import anybody
from postroom.web.directory.locations import state_url
from postroom.web.visitors import VisitorRequest

#: So many pages of locations and plans are in a file. With the states in the first one they stay
#: below the 50,000 that sitemaps.org allows.
A_FILE = 49_000
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
#: The desk, what comes by a signed link, and the steps of joining are nobody else's to find. The
#: list of an operator's plans is.
ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /desk/
Disallow: /embed/
Disallow: /help/about/
Disallow: /help/articles/*/*
Disallow: /help/feedback/
Disallow: /help/search/
Disallow: /join/*/*
Allow: /join/*/$
Disallow: /mail-events/
Disallow: /metrics
Disallow: /my-plan/
Disallow: /notice/

Sitemap: {sitemap}
"""


@anybody
def robots(request: VisitorRequest) -> HttpResponse:
    """Will say what need not be read, and where the addresses are."""
    text = ROBOTS.format(sitemap=whole(reverse("for_robots:sitemap")))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@anybody
def sitemap(request: VisitorRequest) -> HttpResponse:
    """Will list every page there is; where they are too many, the files that list them."""
    found, count = addresses(limit=A_FILE)
    if files(count) > 1:
        return _xml(index_of(files(count)))
    return _xml(listed([*_front(), *(url_of(it) for it in found)]))


@anybody
def part(request: VisitorRequest, number: int) -> HttpResponse:
    """Will list a file's pages, the front page and the states in the first one."""
    found, _ = addresses(limit=A_FILE, offset=(number - 1) * A_FILE) if number else ([], 0)
    if not found:
        raise Http404
    front = _front() if number == 1 else []
    return _xml(listed([*front, *(url_of(it) for it in found)]))


def files(count: int, *, most: int = A_FILE) -> int:
    """Will say how many files so many addresses take."""
    return max(1, -(-count // most))


def index_of(count: int) -> str:
    """Will return the index of so many files."""
    urls = [reverse("for_robots:part", args=[number]) for number in range(1, count + 1)]
    return f"<sitemapindex {XMLNS}>{_locs('sitemap', urls)}</sitemapindex>"


def listed(urls: Iterable[str]) -> str:
    """Will return a file of addresses."""
    return f"<urlset {XMLNS}>{_locs('url', urls)}</urlset>"


def url_of(address: Address) -> str:
    """Will return the address of a location's page, or of a plan's there."""
    here = [address.operator, address.location]
    if address.link:
        return reverse("directory:plan", args=[*here, address.link])
    return reverse("directory:location", args=here)


def whole(path: str) -> str:
    """Will return an address with this installation's name."""
    return f"{settings.BASE_URL}{path}"


def _front() -> list[str]:
    return [reverse("directory:index"), *(state_url(it) for it in states())]


def _locs(tag: str, urls: Iterable[str]) -> str:
    return "\n".join(f"<{tag}><loc>{escape(whole(url))}</loc></{tag}>" for url in urls)


def _xml(text: str) -> HttpResponse:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return HttpResponse(head + text, content_type="application/xml; charset=utf-8")
