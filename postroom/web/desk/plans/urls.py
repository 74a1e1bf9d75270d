"""Addresses of the pages on service plans, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.plans import (
    change_question,
    importing,
    moving,
    plan_list,
    plan_page,
    protecting,
    sheet_rows,
    taking_back,
    writing,
)

urlpatterns: list[URLPattern] = [
    path("customers/plans/", plan_list.plans, name="plans"),
    path("customers/plans/new/", plan_page.new, name="plan_new"),
    path("customers/plans/<int:plan_id>/", plan_page.plan, name="plan"),
    path("customers/plans/<int:plan_id>/copy/", plan_page.copy, name="plan_copy"),
    path("customers/plans/<int:plan_id>/question/", change_question.question, name="question"),
    path("customers/plans/<int:plan_id>/question/yes/", change_question.yes, name="answer_yes"),
    path("customers/plans/<int:plan_id>/question/no/", change_question.no, name="answer_no"),
    path(
        "customers/plans/<int:plan_id>/question/sample/",
        change_question.sample,
        name="question_sample",
    ),
    path("customers/plans/<int:plan_id>/write/", writing.write_to_its_customers, name="plan_write"),
    path(
        "customers/plans/<int:plan_id>/question/discard/",
        change_question.discard,
        name="discard_draft",
    ),
    path("customers/plans/<int:plan_id>/question/<int:sheet_id>/", sheet_rows.sheet, name="sheet"),
    path(
        "customers/plans/<int:plan_id>/question/<int:sheet_id>/csv/",
        sheet_rows.sheet_csv,
        name="sheet_csv",
    ),
    path("customers/plans/<int:plan_id>/move/", moving.move, name="plan_move"),
    path("customers/plans/<int:plan_id>/protect/", protecting.protect, name="plan_protect"),
    path("customers/plans/<int:plan_id>/take-back/", taking_back.take_back, name="take_no_back"),
    *importing.urlpatterns,
]
