from django.urls import path

from postroom.web.doors import guarded
from postroom.web.signup.plans import plan, plans, thanks

app_name = "signup"
urlpatterns = guarded(
    [
        path("<slug:operator>/", plans, name="plans"),
        path("<slug:operator>/<slug:link>/", plan, name="plan"),
        path("<slug:operator>/<slug:link>/thanks/", thanks, name="thanks"),
    ]
)
