"""Somebody at the desk: signed in, with the pages' addresses and their forms as they were shown."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from postroom.demo.cast import House
from postroom.domain.operators.models import Role, Staff


class Desk:
    """A client of one house, in a role."""

    def __init__(self, house: House, role: Role = Role.OWNER) -> None:
        self.house = house
        self.client = Client()
        self.user = Staff.objects.select_related("user").get(role=role).user
        self.client.force_login(self.user, backend="postroom.domain.users.signing_in.SigningIn")

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"desk:{name}", args=[self.house.operator.slug, *args])

    def get(self, name: str, /, *args: Any, **query: Any) -> Any:
        return self.client.get(self.url(name, *args), query)

    def post(self, name: str, /, *args: Any, **typed: Any) -> Any:
        return self.client.post(self.url(name, *args), typed)

    def text(self, name: str, /, *args: Any, **query: Any) -> str:
        """Will return a page that must be there."""
        return page(self.get(name, *args, **query))


def page(response: HttpResponse, status: int = 200) -> str:
    """Will return the text of a response that has this status."""
    assert response.status_code == status, response.status_code
    return response.content.decode()
