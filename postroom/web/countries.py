"""The countries of the world, as forms offer them."""

import re

from babel.core import Locale

#: What Babel lists that is no country.
UNIONS = {"EU", "EZ", "UN", "XA", "XB", "ZZ"}

COUNTRIES = sorted(
    (
        (code, name)
        for code, name in Locale("en", "US").territories.items()
        if re.fullmatch(r"[A-Z]{2}", code) and code not in UNIONS
    ),
    key=lambda pair: pair[1],
)
