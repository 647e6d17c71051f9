"""Home, notices, help, health."""

from django.urls import path

from wellbeing.web import help_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("notices/", views.notices, name="notices"),
    path("notices/<uuid:item>/seen/", views.notice_seen, name="notice_seen"),
    path("help/", help_views.help_page, name="help"),
    path("help/<slug:topic>/", help_views.help_page, name="help_topic"),
    path("guide/", help_views.guide, name="guide"),
    path("health/", views.health_page, name="health"),
]
