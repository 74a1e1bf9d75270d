"""The links of somebody who signs up: one to go on with it, one that confirms their address."""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from postroom.domain.signups.models import Signup

GO_ON, CONFIRM = "postroom.signup", "postroom.signup.confirm"


@dataclass(frozen=True)
class Holder:
    """Whose signup a link opens."""

    operator_id: int
    signup_id: int


@dataclass(frozen=True)
class Confirmed(Holder):
    """Whose address a link confirms, and which one it is."""

    email: str


def signup_token(signup: Signup) -> str:
    """Will sign whose signup it is."""
    return token_of(signup.operator_id, signup.pk)


def token_of(operator_id: int, signup_id: int) -> str:
    return Signer(salt=GO_ON).sign_object([operator_id, signup_id])


def read_signup_token(token: str) -> Holder | None:
    """Will return whose signup a link opens, or nothing where it is forged or torn."""
    try:
        operator_id, signup_id = Signer(salt=GO_ON).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Holder(operator_id, signup_id)


def confirm_token(signup: Signup) -> str:
    """Will sign whose signup it is and the address that is to be confirmed."""
    facts = [signup.operator_id, signup.pk, signup.email]
    return Signer(salt=CONFIRM).sign_object(facts)


def read_confirm_token(token: str) -> Confirmed | None:
    """Will return whose address a link confirms, or nothing where it is forged or torn."""
    try:
        operator_id, signup_id, email = Signer(salt=CONFIRM).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Confirmed(operator_id, signup_id, email)


def signup_url(signup: Signup) -> str:
    """Will return the address at which somebody goes on, or sees how it stands."""
    here = reverse("signup:standing", args=[signup.operator.slug, signup_token(signup)])
    return f"{settings.BASE_URL}{here}"


def confirm_url(signup: Signup) -> str:
    """Will return the address that proves that mail to them is read."""
    return f"{settings.BASE_URL}{confirm_path(signup)}"


def desk_url(signup: Signup) -> str:
    """Will return where staff look at a signup: no secret, since they sign in."""
    here = reverse("desk:signup", args=[signup.operator.slug, signup.pk])
    return f"{settings.BASE_URL}{here}"


def confirm_path(signup: Signup) -> str:
    """Will return the same within this site."""
    return reverse("signup:confirm", args=[signup.operator.slug, confirm_token(signup)])
