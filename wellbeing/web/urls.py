"""Home, notices, health."""

from django.urls import path

from wellbeing.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("notices/", views.notices, name="notices"),
    path("notices/<uuid:item>/seen/", views.notice_seen, name="notice_seen"),
    path("health/", views.health_page, name="health"),
]
