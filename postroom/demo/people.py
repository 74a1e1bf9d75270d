"""The demo's other customers: forty people and companies, always the same."""

from postroom.domain.customers.actions import Details
from postroom.domain.customers.models import Kind

PERSONS = """
Amara Osei; Benjamin Hartley; Carla Mendes; Daniel Kowalczyk; Elena Petrova; Farid Rahimi;
Grace Lindqvist; Hiroshi Tanaka; Isabel Fontaine; Jonah Whitfield; Katarina Novak; Liam Gallagher;
Maya Krishnan; Noah Bergstrom; Olivia Barros; Patrick Doyle; Quinn Abernathy; Rosa Jimenez;
Samuel Okafor; Teresa Caruso; Umar Siddiqui; Valerie Dupont; Walter Brandt; Ximena Salazar;
Yusuf Demir; Zoe Papadakis; Adrian Popescu; Beatrice Holm; Caleb Sutton; Dana Feldman
"""
COMPANIES = """
Alder & Finch Design LLC; Blue Heron Software Inc; Cedar Hollow Books; Dune Coffee Roasters LLC;
Ember Street Films; Fairweather Consulting LLC; Granite Peak Outfitters; Hollis Legal PLLC;
Ironwood Analytics Inc; Juniper Home Goods LLC
"""
HOMES = [
    ("Lisbon", "", "1200-109", "PT"),
    ("Austin", "TX", "78701", "US"),
    ("Boise", "ID", "83702", "US"),
    ("Berlin", "", "10117", "DE"),
    ("Portland", "ME", "04101", "US"),
]


def people() -> list[Details]:
    """Will return the forty, companies among the persons."""
    persons = [_details(Kind.PERSON, name, count) for count, name in enumerate(_names(PERSONS))]
    companies = [
        _details(Kind.COMPANY, name, 30 + count) for count, name in enumerate(_names(COMPANIES))
    ]
    mixed: list[Details] = []
    for place, company in enumerate(companies):
        mixed += [*persons[3 * place : 3 * place + 3], company]
    return mixed


def _names(text: str) -> list[str]:
    return [" ".join(name.split()) for name in text.split(";")]


def _details(kind: Kind, name: str, count: int) -> Details:
    city, state, postal_code, country = HOMES[count % len(HOMES)]
    plain = "".join(
        letter for letter in name.lower().replace(" ", ".") if letter.isalpha() or letter == "."
    )
    return Details(
        kind=kind,
        name=name,
        # One in nine has given no e-mail address: letters only.
        email="" if count % 9 == 8 else f"{plain.replace('..', '.')}@customers.example",
        phone=f"+1 212 555 {150 + count:04}",
        street=f"{12 + 7 * count} Harbor Lane" if country == "US" else "",
        city=city,
        state=state,
        postal_code=postal_code,
        country=country,
    )
