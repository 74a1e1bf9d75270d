"""Addresses of payments, receivables, statements and adjustments, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.payments import (
    adjusting,
    payment_list,
    payment_page,
    putting,
    receivables_page,
    recording,
    statement_page,
    undoing,
)

PAYMENT = "billing/payments/<int:payment_id>"
INVOICE = "billing/invoices/<int:number>"
CUSTOMER = "customers/<int:customer_id>"

urlpatterns: list[URLPattern] = [
    path("billing/payments/", payment_list.payments, name="payments"),
    path("billing/payments.csv", payment_list.payments_csv, name="payments_csv"),
    path("billing/payments/new/", recording.whose, name="payment_whose"),
    path(f"{PAYMENT}/", payment_page.payment, name="payment"),
    path(f"{PAYMENT}/pays/", putting.payment_pays, name="payment_pays"),
    path(f"{PAYMENT}/take-back/", undoing.take_back, name="payment_take_back"),
    path(f"{INVOICE}/pays/", putting.credit_pays, name="credit_pays"),
    path(f"{INVOICE}/adjust/", adjusting.adjust_invoice, name="adjust"),
    path(f"{CUSTOMER}/payments/new/", recording.record_one, name="payment_new"),
    path(f"{CUSTOMER}/pay-back/", undoing.pay_money_back, name="pay_back"),
    path(f"{CUSTOMER}/statement/", statement_page.statement, name="statement"),
    path(f"{CUSTOMER}/statement.csv", statement_page.statement_csv, name="statement_csv"),
    path("billing/receivables/", receivables_page.receivables, name="receivables"),
    path("billing/receivables.csv", receivables_page.receivables_csv, name="receivables_csv"),
]
