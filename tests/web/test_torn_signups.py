"""Addresses and forms of signing up that no browser sends."""

import pytest
from django.test import Client

from postroom.demo.cast import House
from tests.signing_up import reserve_some
from tests.web.shelf import read
from tests.web.test_sign_up import here, typed_form


@pytest.fixture(autouse=True)
def some_numbers(harbor: House) -> None:
    reserve_some(harbor)


@pytest.mark.parametrize("word", ["plan", "location", "months", "from", "signup", "draw", "q"])
@pytest.mark.parametrize("typed", ["%00", "%F0%9F%98%80", "x" * 500, "-1", "'"])
def test_a_torn_address_is_no_error(harbor: House, client: Client, word: str, typed: str) -> None:
    read(client, here(harbor, **{word: typed}))


def test_a_torn_form_is_no_error(harbor: House, client: Client) -> None:
    for name, typed in [("number", "\0"), ("other", "\0"), ("version", "9" * 40)]:
        form = typed_form(client, harbor, **{name: typed})
        assert client.post(here(harbor), form).status_code == 422
