"""Makes the local tracker's tables, its one user, project and token. Run by the tracker's own Python.

Running it again changes nothing, so whatever an interrupted run left is completed. Prints nothing secret.
"""

import django
from django.core.management import call_command

PROJECT_ID = 1


def main() -> None:
    """Migrate, then bring user, team, project, membership and token to what secrets.json says."""
    django.setup()
    for database in ("default", "snappea"):
        call_command("migrate", interactive=False, verbosity=0, database=database)
    _make_project(_make_user())


def _make_user():
    from django.conf import settings
    from django.contrib.auth import get_user_model

    secrets = settings.SECRETS
    user, _ = get_user_model().objects.get_or_create(
        username=secrets["login"],
        defaults={"email": secrets["login"], "is_superuser": True, "is_staff": True},
    )
    user.set_password(secrets["password"])
    user.save()
    return user


def _make_project(user) -> None:
    from bsmain.models import AuthToken
    from django.conf import settings
    from projects.models import Project, ProjectMembership, ProjectRole
    from teams.models import Team, TeamMembership, TeamRole

    secrets = settings.SECRETS
    team, _ = Team.objects.get_or_create(name="goimg")
    TeamMembership.objects.update_or_create(team=team, user=user, defaults={"role": TeamRole.ADMIN, "accepted": True})
    project, _ = Project.objects.update_or_create(
        id=PROJECT_ID,
        defaults={
            "team": team,
            "name": "goimg-api",
            "slug": "goimg-api",
            "sentry_key": secrets["sentry_key"],
        },
    )
    ProjectMembership.objects.update_or_create(
        project=project, user=user, defaults={"role": ProjectRole.ADMIN, "accepted": True}
    )
    if not AuthToken.objects.filter(token=secrets["token"]).exists():
        AuthToken.create_full_access(token=secrets["token"], description="make run")


main()
