"""The addresses of the site."""

from django.urls import include, path

from cases.answer_views import answer

urlpatterns = [
    path("", include("wellbeing.web.urls")),
    path("answer/", answer, name="answer"),
    path("cases/", include("cases.urls")),
    path("referrals/", include("referrals.urls")),
    path("audit/", include("wellbeing.audit_desk.urls")),
    path("rota/", include("wellbeing.rota.urls")),
    path("staffing/", include("wellbeing.reports.urls")),
    path("reports/", include("wellbeing.reports.oversight_urls")),
    path("staffing/", include("wellbeing.people.urls")),
]
handler404 = "wellbeing.web.answers.not_found"
handler500 = "wellbeing.web.answers.broken"
