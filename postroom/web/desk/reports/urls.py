"""Addresses of the reports, in the desk's one namespace."""

from django.urls import URLPattern, path

from postroom.web.desk.reports import behind_page, extras_page, recurring_page, revenue_pages

urlpatterns: list[URLPattern] = [
    path("reports/", recurring_page.reports, name="reports"),
    path("reports/recurring.csv", recurring_page.reports_csv, name="reports_csv"),
    path("reports/behind/", behind_page.report_behind, name="report_behind"),
    path("reports/behind.csv", behind_page.report_behind_csv, name="report_behind_csv"),
    path("reports/plans/", revenue_pages.report_plans, name="report_plans"),
    path("reports/plans.csv", revenue_pages.report_plans_csv, name="report_plans_csv"),
    path("reports/services/", revenue_pages.report_services, name="report_services"),
    path("reports/services.csv", revenue_pages.report_services_csv, name="report_services_csv"),
    path("reports/extras/", extras_page.report_extras, name="report_extras"),
    path("reports/extras.csv", extras_page.report_extras_csv, name="report_extras_csv"),
    path("reports/customers.csv", extras_page.report_customers_csv, name="report_customers_csv"),
]
