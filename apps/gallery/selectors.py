"""Reading: which images a person may see, and how they are found."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from rest_framework.exceptions import NotFound, PermissionDenied

from apps.accounts.models import User
from apps.api.errors import NotReady

from .encoding import SIZES
from .models import Image, Variant, Visibility

Viewer = User | AnonymousUser

# Longer than a task and all its attempts take.
MAKING = timedelta(minutes=30)
# An image that cannot be worked on is not tried for ever.
GIVING_UP = timedelta(days=1)
_NOT_FOUND = "There is no such image, or it is private."


def visible_to(viewer: Viewer) -> QuerySet[Image]:
    """Return what lists may show: the viewer's own images and everybody's public ones."""
    return Image.objects.filter(_own(viewer) | Q(visibility=Visibility.PUBLIC))


def reachable_by(viewer: Viewer) -> QuerySet[Image]:
    """Return what may be opened by its address: also unlisted images."""
    return Image.objects.filter(_own(viewer) | ~Q(visibility=Visibility.PRIVATE))


def list_images(viewer: Viewer, filters: Mapping[str, Any]) -> QuerySet[Image]:
    """Return the visible images that match all filters (ListQuery's validated data), in its order.

    `visibility` narrows what is visible, so private and unlisted find only the viewer's own.
    """
    images = with_relations(visible_to(viewer))
    for name in {"owner_id", "visibility"} & filters.keys():
        images = images.filter(**{name: filters[name]})
    for slug in filters["tags"]:
        images = images.filter(tags__slug=slug)
    for word in filters["q"].split():
        images = images.filter(Q(title__icontains=word) | Q(description__icontains=word))
    direction = "" if filters["order"] == "asc" else "-"
    # IDs grow with time and break ties, so that no image is on two pages.
    return images.order_by(f"{direction}{filters['sort']}", f"{direction}id")


def get_image(viewer: Viewer, image_id: UUID) -> Image:
    """Return an image the viewer may open, with its relations; raises NotFound for a private or unknown one."""
    image = with_relations(reachable_by(viewer)).filter(pk=image_id).first()
    if image is None:
        raise NotFound(_NOT_FOUND)
    return image


def get_own_image(viewer: Viewer, image_id: UUID) -> Image:
    """Return an image the viewer may change.

    Raises NotFound as get_image does, PermissionDenied for an image that others may see but not change.
    """
    image = get_image(viewer, image_id)
    if image.owner_id != viewer.pk:
        raise PermissionDenied("Only its owner can change or delete an image.")
    return image


def get_variant(viewer: Viewer, image_id: UUID, size: str) -> Variant:
    """Return one stored size of an image the viewer may open, with its image.

    Raises NotFound, and NotReady for a size that is still being made.
    """
    # Before the database is asked: PostgreSQL refuses a NUL character.
    if size not in SIZES:
        raise NotFound(f"There is no such size. Ask for {', '.join(SIZES[:-1])} or {SIZES[-1]}.")
    variants = Variant.objects.filter(image__in=reachable_by(viewer)).select_related("image")
    variant = variants.filter(image_id=image_id, size=size).first()
    if variant is None:
        get_image(viewer, image_id)
        raise NotReady("This size is being made. Try again in a moment; the original is there.")
    return variant


def incomplete_images() -> list[UUID]:
    """Return the oldest 100 images that lack a size, and are older than MAKING and younger than GIVING_UP."""
    now = timezone.now()
    images = Image.objects.filter(created_at__range=(now - GIVING_UP, now - MAKING)).order_by("created_at")
    incomplete = images.annotate(sizes=Count("variants")).filter(sizes__lt=len(SIZES))
    return list(incomplete.values_list("pk", flat=True)[:100])


def with_relations(images: QuerySet[Image]) -> QuerySet[Image]:
    """Load owners, variants and tags along: the number of queries does not grow with the number of images."""
    return images.select_related("owner").prefetch_related("variants", "tags")


def _own(viewer: Viewer) -> Q:
    return Q(owner_id=viewer.pk) if viewer.is_authenticated else Q(pk__in=[])
