"""How people sign in: by invitation, and never with a password that the demo has published."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from postroom.domain.users.models import User

#: Printed by the demo and in the README, so nobody may use them anywhere else.
DEMO_PASSWORDS = frozenset({"harbor-demo", "neighbor-demo", "platform-demo"})


class SigningIn(AuthenticationBackend):  # type: ignore[misc]
    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Will find the person, refusing the demo's passwords outside the demo."""
        if not settings.DEMO and credentials.get("password") in DEMO_PASSWORDS:
            return None
        return super().authenticate(request, **credentials)  # type: ignore[no-any-return]


class NotOfTheDemo:
    """The validator that keeps the demo's passwords out of every other installation."""

    def validate(self, password: str, user: User | None = None) -> None:
        if password in DEMO_PASSWORDS:
            raise ValidationError(self.get_help_text(), code="password_of_the_demo")

    def get_help_text(self) -> str:
        return "Your password can't be one that the demo has published."


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an owner, or by the platform's staff; nobody signs himself up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
