"""The addresses of the knowledge base."""

from django.urls import path

from postroom.web.doors import guarded
from postroom.web.help import answering, feedback_pages, reading

app_name = "help"
urlpatterns = guarded(
    [
        path("", reading.home, name="index"),
        path("solutions/", reading.solutions, name="solutions"),
        path("search/", reading.search_page, name="search"),
        path("about/<slug:page>/", reading.about, name="about"),
        path("sections/<slug:slug>/", reading.section, name="section"),
        path("articles/<slug:slug>/", reading.article, name="article"),
        path("articles/<slug:slug>/helpful/", answering.helpful, name="helpful"),
        path("articles/<slug:slug>/not-helpful/", answering.not_helpful, name="not_helpful"),
        path("feedback/", feedback_pages.by_article, name="feedback"),
        path("feedback/comments/", feedback_pages.comments, name="comments"),
        path("feedback/comments/<int:feedback_id>/", feedback_pages.settle, name="settle"),
    ]
)
