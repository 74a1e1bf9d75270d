from django.urls import path

from postroom.web.doors import guarded
from postroom.web.portal.my_plan import my_plan

app_name = "portal"
urlpatterns = guarded([path("<str:token>/", my_plan, name="my_plan")])
