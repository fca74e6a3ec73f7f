"""What is known about an image. Not stored: the uploaded file's name and its metadata."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7


class Visibility(models.TextChoices):
    """Who may see an image: everybody, its owner alone, or whoever has its address."""

    PUBLIC = "public"
    PRIVATE = "private"
    UNLISTED = "unlisted"


class Image(models.Model):
    """One uploaded image. Sizes are in bytes and pixels, and describe the stored original, upright."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="images")
    title = models.CharField(max_length=255, blank=True, default="")
    description = models.CharField(max_length=2000, blank=True, default="")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    mime_type = models.CharField(max_length=10)
    file_size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    view_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["visibility", "-created_at"], name="newest_visible_images"),
            models.Index(fields=["owner", "-created_at"], name="newest_images_of_an_owner"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tag(models.Model):
    """A word that an image is found by, as a slug: how one owner spells it is nothing that others would see."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="tags")
    slug = models.SlugField(max_length=50, allow_unicode=True)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["image", "slug"], name="unique_tag_of_an_image")]

    def __str__(self) -> str:
        return self.slug


class Variant(models.Model):
    """One stored file of an image; `path` is relative to MEDIA_ROOT, `etag` the SHA-256 of its bytes."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="variants")
    size = models.CharField(max_length=9)
    path = models.CharField(max_length=100)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_size = models.PositiveIntegerField()
    etag = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "size"], name="unique_size_of_an_image")]

    def __str__(self) -> str:
        return f"{self.image_id}/{self.size}"
