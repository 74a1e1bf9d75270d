"""The addresses of the lead-gen website.

A state is one word after /locations/, and a location two: an operator may be called “tx”, and
still neither hides the other.
"""

from django.urls import path

from postroom.web.directory.location import location, location_photo
from postroom.web.directory.locations import index, state
from postroom.web.directory.plan import plan, thanks
from postroom.web.doors import guarded

app_name = "directory"
urlpatterns = guarded(
    [
        path("", index, name="index"),
        path("<slug:state>/", state, name="state"),
        path("<slug:operator>/<slug:location>/", location, name="location"),
        path(
            "<slug:operator>/<slug:location>/photos/<int:photo_id>/", location_photo, name="photo"
        ),
        path("<slug:operator>/<slug:location>/<slug:link>/", plan, name="plan"),
        path("<slug:operator>/<slug:location>/<slug:link>/thanks/", thanks, name="thanks"),
    ]
)
