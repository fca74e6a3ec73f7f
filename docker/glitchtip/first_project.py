"""Makes the first user, organisation, project, DSN and token in GlitchTip; run it through its `manage.py shell`.

docker compose … exec -T -e OWNER=you@example.com glitchtip-web ./manage.py shell < docker/glitchtip/first_project.py
Prints what goes into docker/.env.prod and docker/secrets/sentry_dsn, and a password that is shown this once.
A second run makes nothing twice.
"""

import os
import secrets

from allauth.account.models import EmailAddress
from apps.api_tokens.models import APIToken
from apps.organizations_ext.constants import OrganizationUserRole
from apps.organizations_ext.models import Organization
from apps.projects.models import Project
from apps.teams.models import Team
from apps.users.models import User
from django.conf import settings

email = os.environ["OWNER"]
organization_slug, project_slug = os.environ.get("ORG", "goimg"), os.environ.get("PROJECT", "goimg-api")

owner = User.objects.filter(email=email).first()
if owner is None:
    password = secrets.token_urlsafe(16)
    owner = User.objects.create_superuser(email=email, password=password)
    EmailAddress.objects.create(user=owner, email=email, primary=True, verified=True)
    print(
        f"# Sign in at {settings.GLITCHTIP_URL.geturl()} as {email} with the password {password}; change it, add 2FA."
    )

organization = Organization.objects.filter(slug=organization_slug).first()
if organization is None:
    organization = Organization.objects.create(name=organization_slug)
    organization.add_user(owner, OrganizationUserRole.OWNER)
team, _ = Team.objects.get_or_create(slug="api", organization=organization)
team.members.add(organization.organization_users.get(user=owner))
project = Project.objects.filter(organization=organization, slug=project_slug).first()
if project is None:
    project = Project.objects.create(name=project_slug, organization=organization, platform="python-django")
team.projects.add(project)

token = APIToken.objects.filter(user=owner, label="goimg").first()
if token is None:
    token = APIToken.objects.create(user=owner, label="goimg")
    token.add_permissions(
        ["event:read", "event:write", "project:read", "project:admin", "org:read", "member:read", "project:releases"]
    )

print(f"SENTRY_DSN={project.projectkey_set.first().get_dsn()}")
print("TRACKER_KIND=glitchtip")
print(f"TRACKER_URL={settings.GLITCHTIP_URL.geturl()}")
print(f"TRACKER_ORG={organization.slug}")
print(f"TRACKER_PROJECT={project.slug}")
print(f"TRACKER_TOKEN={token.token}")
