"""The service's addresses and those that fail."""

from django.urls import path

from goimg.urls import handler400, handler403, handler404, handler500, urlpatterns

from .views import Fail

__all__ = ["handler400", "handler403", "handler404", "handler500"]
urlpatterns = [*urlpatterns, path("fail/<str:kind>", Fail.as_view())]
