"""The addresses of the site."""

from django.urls import include, path

from cases.answer_views import answer
from cases.concern_views import concern_door

urlpatterns = [
    path("", include("wellbeing.web.urls")),
    path("", include("wellbeing.signin.urls")),
    path("people/", include("wellbeing.people.account_urls")),
    path("answer/", answer, name="answer"),
    path("concern/", concern_door, name="concern_door"),
    path("cases/", include("cases.urls")),
    path("referrals/", include("referrals.urls")),
    path("api/", include("wellbeing.api.urls")),
    path("audit/", include("wellbeing.audit_desk.urls")),
    path("rota/", include("wellbeing.rota.urls")),
    path("exchange/", include("wellbeing.exchange.urls")),
    path("staffing/", include("wellbeing.reports.urls")),
    path("registers/", include("wellbeing.registers.urls")),
    path("reports/", include("wellbeing.reports.oversight_urls")),
    path("staffing/", include("wellbeing.people.urls")),
]
handler404 = "wellbeing.web.answers.not_found"
handler500 = "wellbeing.web.answers.broken"
