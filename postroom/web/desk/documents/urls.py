"""Addresses of documents and mails, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.documents import letterhead_page, mail_list, mailing, pdfs

urlpatterns: list[URLPattern] = [
    path("settings/letterhead/", letterhead_page.letterhead, name="letterhead"),
    path("settings/letterhead/preview/", letterhead_page.preview, name="letterhead_preview"),
    path("settings/letterhead/logo/", letterhead_page.logo, name="letterhead_logo"),
    path("settings/letterhead/mailing/", letterhead_page.switch, name="invoice_mailing"),
    path("billing/invoices/<int:number>/pdf/", pdfs.invoice, name="invoice_pdf"),
    path("billing/invoices/<int:number>/mail/", mailing.mail_it, name="invoice_mail"),
    path("billing/invoices.pdf", pdfs.invoices, name="invoices_pdf"),
    path("billing/mails/", mail_list.mails, name="mails"),
    path("billing/mails.pdf", mail_list.mails_pdf, name="mails_pdf"),
    path("customers/<int:customer_id>/statement.pdf", pdfs.statement, name="statement_pdf"),
]
