"""An empty signed-in page: the frame with nothing in it, beside all pages of the site (as `ROOT_URLCONF`)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from wellbeing import urls
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires


@requires(P.HOME_SEE)
def empty(request: HttpRequest) -> HttpResponse:
    """Who has signed in, the menu, the state of the notices; no more."""
    return render(request, "base.html")


urlpatterns = [path("empty/", empty, name="empty"), path("", include(urls))]
handler404, handler500 = urls.handler404, urls.handler500
