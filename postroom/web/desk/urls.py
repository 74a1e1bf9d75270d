from django.urls import include, path

from postroom.web.desk.billing.urls import urlpatterns as billing
from postroom.web.desk.changes.urls import urlpatterns as changes
from postroom.web.desk.customers.urls import urlpatterns as customers
from postroom.web.desk.documents.urls import urlpatterns as documents
from postroom.web.desk.home import home
from postroom.web.desk.house.urls import urlpatterns as house
from postroom.web.desk.moving_in.urls import urlpatterns as moving_in
from postroom.web.desk.notices.urls import urlpatterns as notices
from postroom.web.desk.payments.urls import urlpatterns as payments
from postroom.web.desk.plans.urls import urlpatterns as plans
from postroom.web.desk.proof.urls import urlpatterns as proof
from postroom.web.desk.reports.urls import urlpatterns as reports
from postroom.web.desk.signups.urls import urlpatterns as signups
from postroom.web.desk.subscriptions.urls import urlpatterns as subscriptions
from postroom.web.desk.usage.urls import urlpatterns as usage
from postroom.web.doors import guarded

app_name = "desk"
urlpatterns = [
    *guarded([path("", home, name="home")]),
    path(
        "<slug:slug>/",
        include(
            guarded(
                [
                    *house,
                    *customers,
                    *moving_in,
                    *signups,
                    *subscriptions,
                    *usage,
                    *plans,
                    *changes,
                    *notices,
                    *billing,
                    *payments,
                    *documents,
                    *proof,
                    *reports,
                ]
            )
        ),
    ),
]
