"""manage.py demo_data: people and pictures for a first look."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.gallery import demo


class Command(BaseCommand):
    """Thin: apps/gallery/demo.py does the work."""

    help = "Creates three demo users and a dozen images; running it again adds only what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define --json."""
        parser.add_argument("--json", action="store_true", help="print the users as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and print who can sign in; exit code 2 outside of development."""
        if not settings.DEMO_ERRORS:
            raise CommandError(
                "demo_data creates users with a known password, so it runs with the development settings only.",
                returncode=2,
            )
        created = demo.create_missing()
        if options["json"]:
            users = [{"email": email, "password": demo.PASSWORD} for email in demo.EMAILS]
            self.stdout.write(json.dumps(users))
            return
        self.stdout.write(f"{created} images created. Sign in with:")
        for email in demo.EMAILS:
            self.stdout.write(f"  {email}  {demo.PASSWORD}")
