"""Every URL of the service."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("apps.api.urls")),
    path("api/v1/", include("apps.accounts.urls")),
    path("api/v1/", include("apps.gallery.urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
]
if settings.DEMO_ERRORS:
    urlpatterns.append(path("demo/errors/", include("apps.triage.catalogue.urls")))

handler400 = "apps.api.problems.bad_request"
handler403 = "apps.api.problems.forbidden"
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"
