"""Addresses of what customers were told, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.notices import (
    acting,
    answer_list,
    envelope_list,
    envelope_page,
    letters_page,
    papers,
)

ANNOUNCEMENT = "plans/notices/<int:announcement_id>"
ENVELOPE = "plans/notices/envelopes/<int:envelope_id>"

urlpatterns: list[URLPattern] = [
    path(f"{ANNOUNCEMENT}/", envelope_list.envelopes, name="envelopes"),
    path(f"{ANNOUNCEMENT}/answers/", answer_list.answers, name="answers"),
    path(f"{ANNOUNCEMENT}/letters.pdf", papers.letters, name="letters"),
    path(f"{ANNOUNCEMENT}/posted/", letters_page.letters_posted, name="letters_posted"),
    path(f"{ANNOUNCEMENT}/evidence.pdf", papers.evidence_document, name="evidence_pdf"),
    path(f"{ANNOUNCEMENT}/evidence.csv", papers.evidence_table, name="evidence_csv"),
    path(f"{ENVELOPE}/", envelope_page.envelope, name="envelope"),
    path(f"{ENVELOPE}/as-sent/", envelope_page.as_sent, name="envelope_html"),
    path(f"{ENVELOPE}/letter.pdf", papers.letter, name="letter"),
    path(f"{ENVELOPE}/resend/", acting.send_again, name="envelope_resend"),
    path(f"{ENVELOPE}/posted/", acting.posted, name="envelope_posted"),
    path(f"{ENVELOPE}/told/", acting.told, name="envelope_told"),
    path(f"{ENVELOPE}/came-back/", acting.came_back, name="envelope_bounced"),
    path(f"{ENVELOPE}/answered/", acting.answered, name="envelope_answered"),
]
