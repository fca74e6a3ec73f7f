"""The image endpoints: they read the request, call one service or selector, and answer."""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.api.pagination import PagePagination
from apps.api.throttles import UserThrottle
from apps.api.validation import validated

from . import files, selectors, serializers, services
from .encoding import SIZES
from .models import Image, Variant, Visibility
from .uploads import UploadParser

# Short: an image that its owner makes private leaves shared caches soon. The ETag makes asking again cheap.
PUBLIC_MAX_AGE = 300
_IMAGE_FILE = {(200, f"image/{kind}"): OpenApiTypes.BINARY for kind in ("jpeg", "png", "gif", "webp")}


class ImagesView(APIView):
    """POST and GET images."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    parser_classes = [UploadParser]
    throttle_classes = [UserThrottle]
    throttle_scope = "upload"
    problem_statuses = (422,)
    pagination_class = PagePagination

    @extend_schema(
        operation_id="uploadImage",
        summary="Upload an image",
        tags=["images"],
        request={"multipart/form-data": serializers.ImageUpload},
        responses={201: serializers.ImageSerializer},
    )
    def post(self, request: Request) -> Response:
        """Upload an image: at most 10 MB and 100 megapixels (WebP: 50); an animation, 100 frames and 20 megapixels.

        All metadata is removed; of a colour profile its numbers are kept. At most 50 uploads per hour.
        """
        form = validated(serializers.ImageUpload, request.data)
        content = form.pop("file").read()
        image = services.upload_image(_user(request), content, services.Details(**form))
        location = reverse("image", args=[image.pk], request=request)
        return Response(_represent(image, request), status=201, headers={"Location": location})

    @extend_schema(
        operation_id="listImages",
        summary="List images",
        tags=["images"],
        parameters=[serializers.ListQuery],
        responses=serializers.ImageSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List public images and your own, filtered and in pages."""
        filters = validated(serializers.ListQuery, request.query_params)
        pages = self.pagination_class()
        page = pages.paginate_queryset(selectors.list_images(request.user, filters), request, self)
        return pages.get_paginated_response([_represent(image, request) for image in page])


class ImageView(APIView):
    """GET, PUT, PATCH and DELETE images/{id}."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="getImage",
        summary="Get an image",
        tags=["images"],
        responses=serializers.ImageSerializer,
    )
    def get(self, request: Request, image_id: UUID) -> Response:
        """Show an image; counts a view unless it is your own."""
        image = selectors.get_image(request.user, image_id)
        if request.method == "GET" and image.owner_id != request.user.pk:
            services.count_view(image)
        return Response(_represent(image, request))

    @extend_schema(
        operation_id="updateImage",
        summary="Replace an image's details",
        tags=["images"],
        request=serializers.ImageChanges,
        responses=serializers.ImageSerializer,
    )
    def put(self, request: Request, image_id: UUID) -> Response:
        """Replace title, description, visibility and tags; what is left out takes its default."""
        return _update(request, image_id, serializers.ImageChanges)

    @extend_schema(
        operation_id="patchImage",
        summary="Change an image's details",
        tags=["images"],
        request=serializers.ImagePatch,
        responses=serializers.ImageSerializer,
    )
    def patch(self, request: Request, image_id: UUID) -> Response:
        """Change some of title, description, visibility and tags."""
        return _update(request, image_id, serializers.ImagePatch)

    @extend_schema(operation_id="deleteImage", summary="Delete an image", tags=["images"], responses={204: None})
    def delete(self, request: Request, image_id: UUID) -> Response:
        """Delete an image and its files."""
        services.delete_image(selectors.get_own_image(request.user, image_id))
        return Response(status=204)


def _user(request: Request) -> User:
    # IsAuthenticatedOrReadOnly has let nobody else in.
    return cast(User, request.user)


def _update(request: Request, image_id: UUID, changes: type[serializers.ImageChanges]) -> Response:
    image = selectors.get_own_image(request.user, image_id)
    services.update_image(image, validated(changes, request.data))
    return Response(_represent(selectors.get_image(request.user, image_id), request))


class AnyAccept(DefaultContentNegotiation):
    """Lets a client that accepts images alone have one: the renderer renders problems only."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


class VariantView(APIView):
    """GET images/{id}/variants/{size}."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="getImageVariant",
        summary="Get an image file",
        parameters=[OpenApiParameter("size", str, OpenApiParameter.PATH, enum=SIZES)],
        responses=_IMAGE_FILE,
        tags=["images"],
    )
    def get(self, request: Request, image_id: UUID, size: str) -> HttpResponseBase:
        """Serve one size of an image, or 304 if the client has it already."""
        variant = selectors.get_variant(request.user, image_id, size)
        etag, modified = f'"{variant.etag}"', int(variant.image.created_at.timestamp())
        # Asked before the file is opened: a client that has the image costs no reading.
        response = get_conditional_response(request._request, etag, modified) or _file_response(variant)
        response["ETag"], response["Last-Modified"] = etag, http_date(modified)
        response["Cache-Control"] = _cache_control(variant.image)
        return response


def _file_response(variant: Variant) -> FileResponse:
    # The name and the type are ours, and nosniff keeps browsers from guessing another.
    name = f"{variant.image_id}-{Path(variant.path).name}"
    response = FileResponse(files.open_file(variant.path), filename=name, content_type=_mime_type(variant))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mime_type(variant: Variant) -> str:
    return variant.image.mime_type if variant.size == "original" else "image/webp"


def _cache_control(image: Image) -> str:
    if image.visibility == Visibility.PUBLIC:
        return f"public, max-age={PUBLIC_MAX_AGE}"
    return "private, no-cache"


def _represent(image: Image, request: Request) -> Any:
    return serializers.ImageSerializer(image, context={"request": request}).data
