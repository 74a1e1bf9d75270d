"""The words of all articles, written down to be searched."""

from postroom.base.tenancy import as_platform
from postroom.domain.knowledge_base.actions import Text, write_down
from postroom.web.help.catalog import Article, catalog
from postroom.web.help.rendering import plain


def write_down_all() -> int:
    """Will keep the words of every article there is; returns how many."""
    with as_platform():
        return write_down(texts=[_text(it) for it in catalog().articles.values()])


def _text(article: Article) -> Text:
    headings, text = plain(article)
    return Text(article.slug, article.title, article.summary, headings, text)
