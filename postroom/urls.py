"""Every address, door by door."""

from django.urls import include, path
from django.views.generic import TemplateView

from postroom.domain.users.admin import site
from postroom.web.mail_events import mail_events
from postroom.web.metrics import metrics

urlpatterns = [
    path("", TemplateView.as_view(template_name="web/home.html"), name="home"),
    path("desk/", include("postroom.web.desk.urls")),
    path("join/", include("postroom.web.signup.urls")),
    path("locations/", include("postroom.web.directory.urls")),
    path("embed/", include("postroom.web.directory.embed_urls")),
    path("", include("postroom.web.directory.robot_urls")),
    path("my-plan/", include("postroom.web.portal.urls")),
    path("notice/", include("postroom.web.portal.notice_urls")),
    path("help/", include("postroom.web.help.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", site.urls),
    path("mail-events/<slug:service>/", mail_events, name="mail_events"),
    path("metrics", metrics, name="metrics"),
]
