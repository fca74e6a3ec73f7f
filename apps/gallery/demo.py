"""Demo users and their images, for development only."""

from itertools import cycle

from apps.accounts.models import User

from .demo_art import ARTWORKS
from .services import Details, upload_image

USERNAMES = ("ada", "grace", "linus")
EMAILS = tuple(f"{name}@example.com" for name in USERNAMES)
# Known to everybody who reads this: the command refuses to create these users outside of development.
PASSWORD = "Demo-pictures-2-see"  # noqa: S105


def create_missing() -> int:
    """Create the users and images that are not there yet; return the number of images created.

    An image counts as there when its demo user has one of its title, so an interrupted run is completed.
    """
    owners = [_user(email, name) for email, name in zip(EMAILS, USERNAMES, strict=True)]
    missing = [
        (owner, artwork)
        for owner, artwork in zip(cycle(owners), ARTWORKS, strict=False)
        if not owner.images.filter(title=artwork.title).exists()
    ]
    for owner, artwork in missing:
        details = Details(title=artwork.title, visibility=artwork.visibility, tags=artwork.tags)
        upload_image(owner, artwork.encode(), details)
    return len(missing)


def _user(email: str, username: str) -> User:
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, username, PASSWORD)
