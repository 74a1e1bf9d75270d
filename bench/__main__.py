"""The command: ``bin/bench``, or ``python -m bench`` with DATABASE_URL."""

import os
import sys

from bench.options import Options, asked


def main(words: list[str]) -> int:
    """Will measure what is asked for and print it; 1 says that a target was missed."""
    options = asked(words)
    # Debugging keeps every statement, which would be measured along.
    os.environ |= {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "postroom.settings"}
    import django

    django.setup()
    return _report(options)


def _report(options: Options) -> int:
    from bench.measuring import measure
    from bench.report import in_words
    from bench.results import as_json, as_markdown, as_table
    from bench.setting import say

    measured = measure(options)
    if options.json:
        print(as_json(measured.results))
    elif options.markdown:
        print(as_markdown(measured.results), in_words(measured), sep="\n\n")
    else:
        print(as_table(measured.results), in_words(measured), sep="\n\n")
    missed = [it for it in measured.results if it.missed]
    for it in missed:
        say(f"Missed: {it.name} at {it.size:,} is {it.ratio:.2f} times, not {it.target:g}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
