"""Walking an article in the browser: what it says is there, and its pictures are taken.

Every word in bold has to stand on a page that the walk saw, as a menu word, link, button, tab,
label or heading. A picture keeps the words of the desk that were on it: once those differ, it shows
a desk that is no more, and has to be taken again (``KEEP_PICTURES=1``).
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Error, Locator, Page, expect

from postroom.demo.cast import House
from postroom.web.help.catalog import Article, catalog
from postroom.web.help.rendering import PICTURES, desk_words, pictures

SEEN = Path(__file__).parent / "seen"
KEEP = "KEEP_PICTURES" in os.environ
#: What people call by its name on a page, and nothing that is written there by an operator.
WORDS = """() => {
  const names = "a, button, label, legend, summary, option, th, dt, caption, h1, h2, h3";
  const told = [...document.querySelectorAll(names)].filter(it => it.checkVisibility());
  const bare = it => {
    const copy = it.cloneNode(true);
    copy.querySelectorAll(".visually-hidden").forEach(hidden => hidden.remove());
    return copy.textContent;
  };
  const texts = told.flatMap(it => [it.innerText, it.textContent, bare(it)]);
  const values = [...document.querySelectorAll("input[type=submit]")].map(it => it.value);
  return [...texts, ...values].map(it => it.replace(/\\s+/g, " ").replace(/ ?\\*$/, "").trim());
}"""
#: Of these, the ones that are the same for every operator and on every day. All of the page, since
#: what is on the picture itself differs with the fonts of a machine.
FURNITURE = """() => {
  const names = "nav a, button, label, legend, th, .page-actions a";
  const told = [...document.querySelectorAll(names)].filter(it => it.checkVisibility());
  return told.map(it => it.innerText.replace(/\\s+/g, " ").replace(/ ?\\*$/, "").trim());
}"""
#: A picture says where the desk is as an operator reads it, not as a test does.
ADDRESSES = """([slug, host]) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let it = texts.nextNode(); it; it = texts.nextNode()) {
    if (!it.data.includes(slug) && !it.data.includes(host)) continue;
    it.data = it.data.replaceAll(slug, "harbor-mail").replaceAll(host, "mail.example");
  }
}"""
#: Notes when the page is about to be left, so that nobody takes it for the one that comes.
LEAVING = "addEventListener('beforeunload', () => { window.isBeingLeft = true; })"
#: A click has begun what it begins: forms are sent in a task of their own.
BEGUN = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
ARRIVED = """() => !window.isBeingLeft
  && !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")"""
OUTLINE = "(it) => { it.style.outline = '3px solid #d6336c'; it.style.outlineOffset = '3px'; }"
BARE = "(it) => { it.style.outline = ''; it.style.outlineOffset = ''; }"


@dataclass
class Walk:
    """A window on a house's desk, and an article in the hand."""

    page: Page
    house: House
    seen: set[str] = field(default_factory=set)
    taken: dict[str, list[str]] = field(default_factory=dict)
    reads_now: Article | None = None

    @contextmanager
    def article(self, slug: str) -> Iterator[None]:
        """Will walk an article: at its end all it names was seen, and all its pictures taken."""
        self.reads_now = catalog().articles[slug]
        self.seen, self.taken = set(), {}
        yield
        self.look()
        missing = [it for it in desk_words(self.reads_now) if it not in self.seen]
        assert missing == [], f"{slug}.md names what its walk did not see on the desk: {missing}"
        assert sorted(self.taken) == sorted(pictures(self.reads_now))
        self._compare(slug)

    def opens(self, page: str, **numbers: int | str) -> None:
        """Will go to a page of the desk by the name of its address."""
        slug = self.house.operator.slug
        self.page.goto(reverse(f"desk:{page}", kwargs={"slug": slug, **numbers}))
        self.look()

    def clicks(self, name: str) -> None:
        """Will click the link, button, tab or menu word of just this name, the first one seen."""
        self.follows(self._named(name))

    def follows(self, it: Locator) -> None:
        """Will look at the page that something is on, click it, and look at what comes."""
        it.wait_for()
        self.look()
        it.click()
        self._arrive()
        self.look()

    def fills(self, label: str, typed: str) -> None:
        """Will type into the field with just this label."""
        self._field(label).fill(typed)

    def chooses(self, label: str, option: str) -> None:
        """Will choose from the list with just this label."""
        self._field(label).select_option(label=option)
        self.look()

    def checks(self, label: str) -> None:
        """Will tick the box, or choose the round one, with just this label."""
        self._field(label).check()
        self.look()

    def unchecks(self, label: str) -> None:
        """Will take the tick from the box with just this label."""
        self._field(label).uncheck()

    def reads(self, text: str) -> None:
        """Will find a text on the page."""
        expect(self.page.locator("main, dialog").filter(has_text=text).first).to_be_visible()
        self.look()

    def look(self) -> None:
        """Will take in the words of the page as it stands."""
        self.seen |= set(self.page.evaluate(WORDS))

    def picture(self, name: str, *, mark: str = "", of: str = "") -> None:
        """Will take a picture of the window: its top, or where ``mark`` is; or ``of`` a part."""
        shown = self.page.locator(of).first if of else None
        marked = self._named(mark) if mark else None
        self.page.evaluate("scrollTo(0, 0)")
        for it in (shown, marked):
            if it:
                it.scroll_into_view_if_needed()
        self.look()
        if marked:
            marked.evaluate(OUTLINE)
        host = self.page.evaluate("location.host")
        self.page.evaluate(ADDRESSES, [self.house.operator.slug, host])
        file = f"{name}.png"
        self.taken[file] = sorted(set(filter(_is_furniture, self.page.evaluate(FURNITURE))))
        if KEEP:
            PICTURES.mkdir(parents=True, exist_ok=True)
            (shown or self.page).screenshot(path=PICTURES / file, animations="disabled")
        if marked:
            marked.evaluate(BARE)

    def _arrive(self) -> None:
        """Will wait for the page, or the part of it, that a click has asked for."""
        with suppress(Error):  # It may be there already, and the page that was asked is gone.
            self.page.evaluate(BEGUN)
        self.page.wait_for_function(ARRIVED)
        self.page.wait_for_load_state()

    def _named(self, name: str) -> Locator:
        exactly = re.compile(rf"^\s*{re.escape(name)}\s*$")
        asking = self.page.locator("dialog[open]")
        here = asking if asking.count() else self.page.locator("body")
        found = [here.get_by_role(it, name=name, exact=True) for it in ("button", "link", "tab")]
        words = here.locator("summary, label, [role=tab], a, button").filter(has_text=exactly)
        return found[0].or_(found[1]).or_(found[2]).or_(words).locator("visible=true").first

    def _field(self, label: str) -> Locator:
        starred = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        return self.page.get_by_label(starred).locator("visible=true").first

    def _compare(self, slug: str) -> None:
        """Will tell whether the pictures that are kept show the desk as it is."""
        file = SEEN / f"{slug}.json"
        if KEEP and self.taken:
            SEEN.mkdir(exist_ok=True)
            file.write_text(json.dumps(self.taken, indent=1, ensure_ascii=False) + "\n")
        kept = json.loads(file.read_text()) if self.taken else {}
        assert kept == self.taken, f"take the pictures of {slug} again, with KEEP_PICTURES=1"


def _is_furniture(words: str) -> bool:
    """Will leave out what has a number in it, which is another one tomorrow."""
    return bool(words) and not re.search(r"\d", words)
