"""A location as search engines read it: schema.org, in a block of data that no policy stops."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from postroom.base import money
from postroom.domain.operators.hours import DAYS
from postroom.domain.plans.details import Details
from postroom.domain.plans.published import Host, Offered, Place

#: What could end the block, or begin another, written so that it means the same to a reader.
ESCAPES = {ord(it): f"\\u{ord(it):04x}" for it in "<>&\u2028\u2029"}


def block(facts: Mapping[str, Any]) -> SafeString:
    """Will write facts as a block of JSON-LD."""
    text = json.dumps(facts, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def location_facts(
    host: Host,
    place: Place,
    known: Details,
    offered: Sequence[tuple[Offered, str]],
    *,
    url: str,
    images: Sequence[str],
) -> dict[str, Any]:
    """Will return a location with what every plan there costs now; URLs are whole ones."""
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "@id": url,
        "url": url,
        "name": place.name,
        "description": known.description,
        "telephone": known.phone,
        "image": list(images),
        "parentOrganization": {"@type": "Organization", "name": host.name},
        "address": _address(place),
        "geo": _geo(known),
        "openingHoursSpecification": _hours(known),
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": it.label, "value": True}
            for it in known.features
        ],
        "currenciesAccepted": host.currency,
        "priceRange": price_range(host, [it for it, _ in offered]),
        "makesOffer": [_offer(host, it, url) for it, url in offered],
    }
    return {name: value for name, value in facts.items() if value}


def price_range(host: Host, offered: Sequence[Offered]) -> str:
    """Will say from what to what the plans cost a month; without a monthly one, nothing."""
    monthly = [it.terms.rates[1] for it in offered if 1 in it.terms.rates]
    if not monthly:
        return ""
    shown = [host.show(min(monthly)), host.show(max(monthly))]
    return f"{' to '.join(dict.fromkeys(shown))} a month"


def _address(place: Place) -> dict[str, Any]:
    return {
        "@type": "PostalAddress",
        "streetAddress": place.street,
        "addressLocality": place.city,
        "addressRegion": place.state,
        "postalCode": place.postal_code,
        "addressCountry": place.country,
    }


def _hours(known: Details) -> list[dict[str, Any]]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{DAYS[day]}",
            "opens": opens,
            "closes": closes,
        }
        for day, (opens, closes) in known.hours.items()
    ]


def _geo(known: Details) -> dict[str, Any] | None:
    if known.latitude is None:
        return None
    return {
        "@type": "GeoCoordinates",
        "latitude": known.latitude,
        "longitude": known.longitude,
    }


def _offer(host: Host, offered: Offered, url: str) -> dict[str, Any]:
    prices = [
        {
            "@type": "UnitPriceSpecification",
            "price": str(money.major(amount, host.currency)),
            "priceCurrency": host.currency,
            "referenceQuantity": {
                "@type": "QuantitativeValue",
                "value": months,
                "unitCode": "MON",
            },
        }
        for months, amount in sorted(offered.terms.rates.items())
    ]
    about = {"description": offered.description} if offered.description else {}
    return {
        "@type": "Offer",
        "name": offered.name,
        "url": url,
        **about,
        "priceSpecification": prices,
    }
