"""The address of the plans as another site frames them."""

from django.urls import path

from postroom.web.directory.embed import embed
from postroom.web.doors import guarded

app_name = "embed"
urlpatterns = guarded([path("<slug:operator>/", embed, name="plans")])
