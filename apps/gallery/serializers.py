"""What the image endpoints take and give."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from apps.accounts.models import User
from apps.api.pagination import PageQuery

from .encoding import SIZES
from .models import Image, Visibility
from .services import tag_slug

MAX_TAGS = 20
MAX_TAG_LENGTH = 50
_VISIBILITY_ERROR: dict[str, Any] = {"invalid_choice": "Choose public, private or unlisted."}


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know: a misspelt `visibility` must not be ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Validate; raises ValidationError that names each unknown field, and what is wrong with the others."""
        unknown = sorted(set(data) - set(self.fields))
        errors: dict[str, Any] = dict.fromkeys(unknown[:10], "This field is not supported. Leave it out.")
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**cast("dict[str, Any]", error.detail), **errors}) from error
        if errors:
            raise serializers.ValidationError(errors)
        return value


class TagField(serializers.CharField):
    """A tag of at most 50 characters with a letter or a digit in it; becomes its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TAG_LENGTH, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Validate one tag."""
        slug = tag_slug(super().run_validation(data))
        # A slug can be longer than what was typed: some characters are written out.
        if not 1 <= len(slug) <= MAX_TAG_LENGTH:
            raise serializers.ValidationError(f"A tag needs a letter or a digit, and at most {MAX_TAG_LENGTH}.")
        return slug


class TagList(serializers.ListField):
    """At most 20 tags."""

    child = TagField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_TAGS, **kwargs)


@extend_schema_field({"type": "string", "example": "sunset,mountains"})
class CommaSeparatedTags(TagList):
    """The same in one string; empty parts do not count."""

    def get_value(self, dictionary: Any) -> Any:
        """Read a plain string, where ListField would collect repeated form fields."""
        return dictionary.get(self.field_name, serializers.empty)

    def to_internal_value(self, data: Any) -> list[str]:
        """Split and validate."""
        slugs: list[str] = super().to_internal_value([name for name in str(data).split(",") if name.strip()])
        return slugs


class ImageChanges(StrictSerializer):
    """What an owner can change. A PUT replaces all of it: what is left out takes its default, so private."""

    title = serializers.CharField(max_length=255, allow_blank=True, default="")
    description = serializers.CharField(max_length=2000, allow_blank=True, default="")
    visibility = serializers.ChoiceField(
        Visibility.choices, default=Visibility.PRIVATE.value, error_messages=_VISIBILITY_ERROR
    )
    tags = TagList(default=list)


class ImagePatch(ImageChanges):
    """The same for a PATCH: what is left out stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, partial=True, **kwargs)


class ImageUpload(ImageChanges):
    """The upload form."""

    file = serializers.FileField(help_text="A JPEG, PNG, GIF or WebP image of at most 10 MB.")
    tags = CommaSeparatedTags(default=list, help_text="Comma-separated, at most 20.")


class ListQuery(StrictSerializer, PageQuery):
    """The query parameters of the list."""

    owner_id = serializers.UUIDField(required=False, help_text="Only this owner's images.")
    visibility = serializers.ChoiceField(
        Visibility.choices,
        required=False,
        error_messages=_VISIBILITY_ERROR,
        help_text="Private and unlisted find your own images only.",
    )
    tags = CommaSeparatedTags(default=list, help_text="Comma-separated; images that have all of them.")
    q = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="Words in title or description.")
    sort = serializers.ChoiceField(
        ["created_at", "view_count"],
        default="created_at",
        error_messages={"invalid_choice": "Sort by created_at or view_count."},
    )
    order = serializers.ChoiceField(
        ["asc", "desc"], default="desc", error_messages={"invalid_choice": "Choose asc or desc."}
    )


class OwnerSerializer(serializers.ModelSerializer[User]):
    """What everybody may know of an owner."""

    class Meta:
        model = User
        fields = ["id", "username", "display_name"]


class VariantSerializer(serializers.Serializer[Any]):
    """Where a size of an image is."""

    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class VariantsSerializer(serializers.Serializer[Any]):
    """Every size of an image that is there: right after an upload it may be the original alone."""

    thumbnail = VariantSerializer(required=False)
    small = VariantSerializer(required=False)
    medium = VariantSerializer(required=False)
    large = VariantSerializer(required=False)
    original = VariantSerializer()


class ImageSerializer(serializers.ModelSerializer[Image]):
    """An image as everybody who may see it sees it. There are no likes and comments, so no counts of them."""

    owner_id = serializers.UUIDField(read_only=True)
    owner = OwnerSerializer(read_only=True)
    variants = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()

    class Meta:
        model = Image
        fields = [
            "id",
            "owner_id",
            "owner",
            "title",
            "description",
            "visibility",
            "mime_type",
            "file_size",
            "width",
            "height",
            "variants",
            "tags",
            "view_count",
            "created_at",
            "updated_at",
        ]

    @extend_schema_field(VariantsSerializer)
    def get_variants(self, image: Image) -> dict[str, dict[str, Any]]:
        """Return size -> url, width, height, from the smallest to the original."""
        variants = sorted(image.variants.all(), key=lambda variant: SIZES.index(variant.size))
        return {
            variant.size: {
                "url": reverse("image-variant", args=[image.pk, variant.size], request=self.context["request"]),
                "width": variant.width,
                "height": variant.height,
            }
            for variant in variants
        }

    def get_tags(self, image: Image) -> list[str]:
        """Return the tags' slugs, in their order."""
        return [tag.slug for tag in image.tags.all()]
