"""The gallery's URLs, relative to /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("images", views.ImagesView.as_view(), name="images"),
    path("images/<uuid:image_id>", views.ImageView.as_view(), name="image"),
    path("images/<uuid:image_id>/variants/<str:size>", views.VariantView.as_view(), name="image-variant"),
]
