"""Addresses of the rota; they hold ids of desks, shifts and questions only."""

from django.urls import path

from wellbeing.rota import views

urlpatterns = [
    path("", views.rota, name="rota"),
    path("desks/<str:reference>/shift/", views.plan_shift, name="plan_shift"),
    path("desks/<str:reference>/week/", views.plan_week, name="plan_week"),
    path("shifts/<str:reference>/drop/", views.drop_shift, name="drop_shift"),
    path("shifts/<str:reference>/swap/", views.ask_swap, name="ask_swap"),
    path("swaps/<str:reference>/", views.answer_swap, name="answer_swap"),
]
