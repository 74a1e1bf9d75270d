"""What we told whom, when, and the proof; and the rules on when that may be."""

from postroom.domain.notices.models.answers import Answer, AnswerKind
from postroom.domain.notices.models.deliveries import Delivery, DeliveryKind
from postroom.domain.notices.models.notices import (
    Announcement,
    Envelope,
    EnvelopeState,
    Notice,
    NoticeClearance,
    Subject,
)
from postroom.domain.notices.models.rules import NoticeRule

__all__ = [
    "Announcement",
    "Answer",
    "AnswerKind",
    "Delivery",
    "DeliveryKind",
    "Envelope",
    "EnvelopeState",
    "Notice",
    "NoticeClearance",
    "NoticeRule",
    "Subject",
]
