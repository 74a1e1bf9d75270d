from postroom.demo.cast import House
from postroom.domain.subscriptions.models import Term


def test_the_cast_is_on_bronze(in_harbor: House) -> None:
    terms = Term.objects.filter(seq=1).order_by("subscription_id")
    assert [str(term) for term in terms] == [
        "2026-01-01 to 2026-02-01",
        "2026-01-07 to 2026-02-07",
        "2026-01-13 to 2027-01-13",
        "2026-01-19 to 2026-09-01",
    ]
