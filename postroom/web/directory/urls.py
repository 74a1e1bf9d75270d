from django.urls import path

from postroom.web.directory.locations import index, location
from postroom.web.directory.plan import plan, thanks
from postroom.web.doors import guarded

app_name = "directory"
urlpatterns = guarded(
    [
        path("", index, name="index"),
        path("<slug:operator>/<slug:location>/", location, name="location"),
        path("<slug:operator>/<slug:location>/<slug:link>/", plan, name="plan"),
        path("<slug:operator>/<slug:location>/<slug:link>/thanks/", thanks, name="thanks"),
    ]
)
