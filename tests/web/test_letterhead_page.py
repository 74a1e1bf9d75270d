"""The letterhead's page: keeps what is typed, tells a logo by its content, previews."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from postroom.demo.cast import House
from postroom.domain.operators.colors import INK
from postroom.domain.operators.letterheads import newest_letterhead
from postroom.domain.operators.models import Letterhead, Operator, Role
from tests.pictures import SHAPES, png, title_of
from tests.web.desk_pages import Desk, page

TYPED = {
    "name": "Harbor Mail",
    "address": "495 Henry St\nBrooklyn",
    "phone": "+1 212 555 0100",
    "email": "billing@harbor.example",
    "website": "harbor.example",
    "how_to_pay": "By check",
    "days_to_pay": "21",
}


def send(desk: Desk, to: str = "letterhead", **changes: Any) -> Any:
    return desk.post(to, **TYPED | changes)


def file(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_it_is_saved_and_shown(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert send(desk, logo=file(png())).status_code == 302
    now = newest_letterhead()
    assert (now.days_to_pay, now.logo_kind) == (21, "png")
    assert now.address.splitlines() == ["495 Henry St", "Brooklyn"]
    text = desk.text("letterhead")
    assert "Remove the logo" in text
    assert "Saved." in text
    assert "logo" in text
    answer = desk.get("letterhead_logo")
    assert (answer.content, answer["Content-Type"]) == (png(), "image/png")


def test_without_one_the_form_starts_with_the_name(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert f'value="{in_harbor.operator.name}"' in desk.text("letterhead")
    assert desk.get("letterhead_logo").status_code == 404


def test_a_color_is_chosen_and_given_up(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    send(desk, color=INK)
    assert newest_letterhead().color == "", "the house's own is there before anybody chooses"
    send(desk, color="#0B4F7A")
    assert newest_letterhead().color == "#0b4f7a"
    assert 'value="#0b4f7a"' in desk.text("letterhead")
    assert "is hard to read" in page(send(desk, color="#ffff00"), 422)
    send(desk, color=INK)
    assert newest_letterhead().color == ""


def test_the_logo_is_removed(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    send(desk, logo=file(SHAPES, "logo.svg"))
    assert desk.get("letterhead_logo")["Content-Type"] == "image/svg+xml"
    send(desk, without_logo="on")
    assert newest_letterhead().logo is None


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "Enter the name that your documents show."),
        ({"name": "\x07A"}, "name", "character"),
        ({"email": "nobody"}, "email", "Enter a valid email address."),
        ({"days_to_pay": "400"}, "days_to_pay", "365"),
        ({"days_to_pay": ""}, "days_to_pay", "Enter a number of days."),
        ({"address": "\n".join("1234567")}, "address", "at most 6 lines"),
        ({"logo": file(b"GIF89a")}, "logo", "neither a PNG, a JPEG nor an SVG"),
        ({"logo": file(b"")}, "logo", "neither a PNG, a JPEG nor an SVG"),
        ({"logo": file(bytes(200_001))}, "logo", "larger than 200 kB"),
    ],
)
def test_a_refusal_is_at_its_field(
    in_harbor: House, changes: dict[str, Any], field: str, said: str
) -> None:
    answer = send(Desk(in_harbor), **changes)
    page(answer, 422)
    form = answer.context["form"]
    assert said in str(form.errors.get(field, form.non_field_errors()))
    kept = {name: form[name].value() for name in TYPED}
    assert kept == TYPED | {name: it for name, it in changes.items() if name in TYPED}
    assert not Letterhead.objects.exists()


def test_the_preview_saves_nothing(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    for answer in (
        desk.get("letterhead_preview"),
        send(desk, "letterhead_preview", name="Elsewhere", logo=file(png())),
    ):
        assert answer["Content-Type"] == "application/pdf"
        assert title_of(answer.content) == "Sample invoice"
    assert not Letterhead.objects.exists()
    page(send(desk, "letterhead_preview", logo=file(b"x")), 422)
    page(send(desk, "letterhead_preview", name=""), 422)


def test_mailing_is_switched(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert desk.post("invoice_mailing", wanted="on").status_code == 302
    since = Operator.objects.get(pk=in_harbor.operator.pk).mails_invoices_since
    desk.post("invoice_mailing", wanted="on")
    assert Operator.objects.get(pk=in_harbor.operator.pk).mails_invoices_since == since
    assert "Each invoice and credit note is mailed" in desk.text("letterhead")
    desk.post("invoice_mailing", wanted="off")
    assert Operator.objects.get(pk=in_harbor.operator.pk).mails_invoices_since is None
    assert "switched off mailing invoices" in desk.text("letterhead")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CLERK, Role.VIEWER])
def test_who_may(in_harbor: House, role: Role) -> None:
    desk = Desk(in_harbor, role)
    assert send(desk).status_code == 403
    assert desk.post("invoice_mailing", wanted="on").status_code == 403
