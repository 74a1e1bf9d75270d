"""Addresses of the pages on billing, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.billing import billing_page, invoice_list, invoice_page, run_page

urlpatterns: list[URLPattern] = [
    path("billing/", billing_page.billing, name="billing"),
    path("billing/now/", billing_page.billing_now, name="billing_now"),
    path("billing/runs/<int:run_id>/", run_page.billing_run, name="billing_run"),
    path("billing/runs/<int:run_id>/stop/", run_page.billing_run_stop, name="billing_run_stop"),
    path(
        "billing/runs/<int:run_id>/resume/",
        run_page.billing_run_resume,
        name="billing_run_resume",
    ),
    path("billing/invoices/", invoice_list.invoices, name="invoices"),
    path("billing/invoices.csv", invoice_list.invoices_csv, name="invoices_csv"),
    path("billing/invoices/<int:number>/", invoice_page.invoice, name="invoice"),
]
