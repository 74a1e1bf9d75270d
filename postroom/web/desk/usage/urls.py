from django.urls import URLPattern, path

from postroom.web.desk.usage import correcting, month_page

urlpatterns: list[URLPattern] = [
    path(
        "customers/subscriptions/<int:subscription_id>/usage/",
        month_page.usage,
        name="usage",
    ),
    path("customers/usage/<int:entry_id>/correct/", correcting.correct_entry, name="usage_correct"),
]
