"""Every URL of the service."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

to_docs = RedirectView.as_view(pattern_name="docs", http_method_names=["get", "head"])

urlpatterns: list[URLPattern | URLResolver] = [
    # Whoever types the address into a browser is shown what there is.
    path("", to_docs),
    path("api/v1", to_docs),
    path("api/v1/", to_docs),
    path("api/v1/", include("apps.api.urls")),
    path("api/v1/", include("apps.accounts.urls")),
    path("api/v1/", include("apps.gallery.urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
if settings.DEMO_ERRORS:
    urlpatterns.append(path("demo/errors/", include("apps.triage.catalogue.urls")))

handler400 = "apps.api.problems.bad_request"
handler403 = "apps.api.problems.forbidden"
handler404 = "apps.api.problems.not_found"
handler500 = "apps.api.problems.server_error"
