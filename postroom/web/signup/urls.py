from django.urls import path

from postroom.web.doors import guarded
from postroom.web.signup.applying import check, reply, standing, who
from postroom.web.signup.choosing import begin
from postroom.web.signup.confirming import confirm_address
from postroom.web.signup.plans import plan, plans, thanks

app_name = "signup"
urlpatterns = guarded(
    [
        path("<slug:operator>/", plans, name="plans"),
        path("<slug:operator>/sign-up/", begin, name="begin"),
        path("<slug:operator>/sign-up/<str:token>/", standing, name="standing"),
        path("<slug:operator>/sign-up/<str:token>/who/", who, name="who"),
        path("<slug:operator>/sign-up/<str:token>/check/", check, name="check"),
        path("<slug:operator>/sign-up/<str:token>/answer/", reply, name="answer"),
        path("<slug:operator>/sign-up/<str:token>/confirm/", confirm_address, name="confirm"),
        # A plan's link is of letters and digits alone, so it is never “sign-up”.
        path("<slug:operator>/<slug:link>/", plan, name="plan"),
        path("<slug:operator>/<slug:link>/thanks/", thanks, name="thanks"),
    ]
)
