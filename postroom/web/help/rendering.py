"""From an article's Markdown to what is read: HTML, its contents, and the plain words.

The articles are our own, and still HTML in them is shown, not obeyed.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from postroom.web.help.catalog import Article

PICTURES = Path(__file__).parent / "static" / "help" / "pictures"


def _picture(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Will draw a picture that opens in its full size."""
    image = self.image(tokens, at, options, env)
    return f'<a href="{escape(tokens[at].attrGet("src"))}">{image}</a>'


MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
MARKDOWN.add_render_rule("image", _picture)


@dataclass(frozen=True)
class Heading:
    """A heading within an article, and where it stands."""

    id: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """An article as it is shown."""

    html: SafeString
    contents: list[Heading]


@cache
def rendered(article: Article) -> Rendered:
    """Will draw an article, once in the life of a process."""
    tokens = MARKDOWN.parse(article.source)
    contents = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = _heading(tokens[number + 1])
            token.attrSet("id", heading.id)
            contents.append(heading)
        for child in token.children or []:
            _point(child)
    # The source is a file of ours, and its HTML was escaped above.
    html = mark_safe(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))
    return Rendered(html, contents)


def plain(article: Article) -> tuple[str, str]:
    """Will return the words of an article without any marks: its headings, and all the rest."""
    headings: list[str] = []
    rest: list[str] = []
    tokens = MARKDOWN.parse(article.source)
    for number, token in enumerate(tokens):
        if token.type == "inline":
            is_heading = tokens[number - 1].type == "heading_open"
            (headings if is_heading else rest).append(_text(token))
    return "\n".join(headings), "\n".join(it for it in rest if it)


def desk_words(article: Article) -> list[str]:
    """Will return the words that stand on the desk, as the article says: those in bold."""
    found: dict[str, None] = {}
    for token in MARKDOWN.parse(article.source):
        bold = False
        for child in token.children or []:
            if child.type == "strong_open":
                bold, words = True, ""
            elif child.type == "strong_close":
                bold = False
                found[" ".join(words.split())] = None
            elif bold:
                words += child.content or " "
    return list(found)


def links(article: Article) -> list[str]:
    """Will return the slugs of the articles that one links to."""
    children = [it for token in MARKDOWN.parse(article.source) for it in token.children or []]
    hrefs = [str(it.attrGet("href")) for it in children if it.type == "link_open"]
    return [it.partition("#")[0] for it in hrefs]


def pictures(article: Article) -> list[str]:
    """Will return the names of an article's pictures, in their order."""
    children = [it for token in MARKDOWN.parse(article.source) for it in token.children or []]
    return [str(it.attrGet("src")) for it in children if it.type == "image"]


def _heading(inline: Token) -> Heading:
    text = _text(inline)
    return Heading(slugify(text), text)


def _text(inline: Token) -> str:
    """Will return what is written, without what only pictures say."""
    return "".join(
        " " if it.type == "softbreak" else it.content
        for it in inline.children or []
        if it.type != "image"
    )


def _point(token: Token) -> None:
    """Will let a link lead to the article it names, and a picture to its file."""
    if token.type == "link_open":
        slug, _, place = str(token.attrGet("href")).partition("#")
        url = reverse("help:article", args=[slug])
        token.attrSet("href", url + (f"#{place}" if place else ""))
    elif token.type == "image":
        name = str(token.attrGet("src"))
        width, height = _size(PICTURES / name)
        token.attrs = {
            "src": static(f"help/pictures/{name}"),
            "alt": "",  # The renderer writes what the article says.
            "width": width,
            "height": height,
            "loading": "lazy",
        }


def _size(picture: Path) -> tuple[int, int]:
    """Will read the width and height of a PNG, so that the page does not jump when it comes."""
    with picture.open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    return width, height
