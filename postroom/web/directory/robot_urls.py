"""Addresses that search engines look for at the root."""

from django.urls import path

from postroom.web.directory.for_robots import part, robots, sitemap
from postroom.web.doors import guarded

app_name = "for_robots"
urlpatterns = guarded(
    [
        path("robots.txt", robots, name="robots"),
        path("sitemap.xml", sitemap, name="sitemap"),
        path("sitemap-<int:number>.xml", part, name="part"),
    ]
)
