"""The puzzle before a public form, solved as a browser does."""

import base64
import json

import altcha
from django.conf import settings
from django_altcha import get_altcha_challenge


def solved() -> str:
    """Will return what a browser sends for a fresh puzzle."""
    asked = get_altcha_challenge(max_number=500, expires=settings.ALTCHA_CHALLENGE_EXPIRE)
    found = altcha.solve_challenge(asked)
    assert found is not None, "there is a number that solves it"
    payload = {
        "algorithm": asked.algorithm,
        "challenge": asked.challenge,
        "number": found.number,
        "salt": asked.salt,
        "signature": asked.signature,
    }
    return base64.b64encode(json.dumps(payload).encode()).decode()
