"""Nothing outgrows its reader: functions, files, templates and tests have a size."""

from tests.house.source import files, functions, short

#: The most lines of each. A function's docstring is not counted.
FUNCTION, FILE, TEMPLATE, TEST = 40, 300, 150, 25

#: What may be larger, and why.
LARGER = {
    "postroom/domain/subscriptions/actions.py:assign": "two rows, each column named on a line",
    "postroom/domain/plans/actions.py:publish_version": "a row and its event, named line by line",
    "postroom/demo/cast.py:open_house": "who is there, in the order of moving in",
    "tests/documents.py:subscriptions": "what may happen to one, theme by theme",
    "tests/rooms/worlds_in_house.py:put_life": "what happens in a life, kind by kind",
    "tests/stories/test_article_no.py:test_the_ritual_works_word_for_word": "the article in order",
    "tests/stories/test_article_yes.py:test_yes_reaches_existing_customers_only_when_told": (
        "the article in order"
    ),
}


def python() -> list[str]:
    return [f"{top}/**/*.py" for top in ("postroom", "bench", "bin/house", "tests")] + ["manage.py"]


def test_functions() -> None:
    longer = {
        it.where: it.lines
        for file in files(*python())
        if "migrations" not in file.parts
        for it in functions(file)
        if it.lines > (TEST if it.is_test else FUNCTION)
    }
    assert longer.keys() - LARGER.keys() == set(), longer


def test_files() -> None:
    longer = {
        short(file): count
        for file in files(
            *python(),
            "postroom/**/*.sql",
            "bench/**/*.sql",
            "postroom/**/*.css",
            "postroom/**/*.js",
        )
        if "migrations" not in file.parts
        and (count := len(file.read_text(encoding="utf-8").splitlines())) > FILE
    }
    assert longer.keys() - LARGER.keys() == set(), longer


def test_templates() -> None:
    longer = {
        short(file): count
        for file in files("postroom/**/*.html")
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > TEMPLATE
    }
    assert longer.keys() - LARGER.keys() == set(), longer


def test_every_exception_is_still_one() -> None:
    sizes = {it.where: it.lines for file in files(*python()) for it in functions(file)}
    sizes |= {
        short(file): len(file.read_text(encoding="utf-8").splitlines())
        for file in files(*python(), "postroom/**/*.html", "postroom/**/*.css", "postroom/**/*.js")
    }
    assert {it for it in LARGER if sizes.get(it, 0) <= TEST} == set()
