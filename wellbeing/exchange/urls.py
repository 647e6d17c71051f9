"""Where the exchange speaks, and its calls for the hotline; addresses hold ids only."""

from django.urls import path

from wellbeing.exchange import seat_views, views

urlpatterns = [
    path("", views.rings, name="rings"),
    path("now/", views.running_now, name="rings_now"),
    path("seats/", seat_views.seats_page, name="seats"),
    path("seats/<str:reference>/leave/", seat_views.leave_seat, name="leave_seat"),
    path("events/", views.events, name="exchange_events"),
    path("<str:reference>/settle/", views.settle_ring, name="settle_ring"),
    path("<str:reference>/reopen/", views.reopen_ring, name="reopen_ring"),
]
