"""Makes the first user, organisation, project, DSN and token in GlitchTip; run it through its `manage.py shell`.

docs/deployment/glitchtip.md has the command.
Prints what goes into docker/.env.prod and docker/secrets/sentry_dsn of the API on this host, which reaches it by the
name of its service, without the way out and back; and a password that is shown this once.
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

_INSIDE = "glitchtip-web:8000"
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

dsn, public = project.projectkey_set.first().get_dsn(), settings.GLITCHTIP_URL.geturl()
print(f"# From elsewhere: SENTRY_DSN={dsn}, TRACKER_URL={public}")
print(f"SENTRY_DSN={dsn.replace(settings.GLITCHTIP_URL.netloc, _INSIDE).replace('https://', 'http://')}")
print("TRACKER_KIND=glitchtip")
print(f"TRACKER_URL=http://{_INSIDE}")
print(f"TRACKER_ORG={organization.slug}")
print(f"TRACKER_PROJECT={project.slug}")
print(f"TRACKER_TOKEN={token.token}")
