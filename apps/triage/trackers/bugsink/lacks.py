"""What Bugsink's API cannot do, each in one sentence (https://www.bugsink.com/docs/api/, version 2.6)."""

from collections.abc import Mapping

from apps.triage.trackers.base import Capability

_NO_RULES = "Bugsink 2.6 has no alert rules in its API, only three switches per project."
LACKS: Mapping[Capability, str] = {
    Capability.ASSIGN: "Bugsink 2.6 has no assignees.",
    Capability.PRIORITY: "Bugsink 2.6 has no priorities.",
    Capability.READ_COMMENTS: (
        "Bugsink 2.6 has no way to read comments in its API: those written here are kept as events and read back, "
        "those written in its pages stay there."
    ),
    Capability.MERGE: "Bugsink 2.6 cannot merge issues.",
    Capability.RESOLVE_IN_RELEASE: "Bugsink 2.6 can resolve an issue in its latest release only, not in any other.",
    Capability.RESOLVE_IN_COMMIT: "Bugsink 2.6 has no commits, so nothing can be resolved in one.",
    Capability.IGNORE_UNTIL: (
        "Bugsink 2.6 counts other issues' events too while it waits for a number of events, so the issue may be back "
        "sooner."
    ),
    Capability.SEARCH: "Bugsink 2.6 has no search in its API: issues and events are read and filtered here.",
    Capability.USER_COUNTS: "Bugsink 2.6 does not count users: those of the events it has stored are counted here.",
    Capability.COMMITS: "Bugsink 2.6 has no commits.",
    Capability.FINALIZE: "Bugsink 2.6 knows when a release began and cannot finalize it.",
    Capability.DEPLOYS: "Bugsink 2.6 has no deploys.",
    Capability.MEMBERS: "Bugsink 2.6 has no members in its API; see Team settings in its pages.",
    Capability.TEAMS: "Bugsink 2.6 does not say in its API who is in a team.",
    Capability.TWO_FACTOR: "Bugsink 2.6 has no two-factor authentication.",
    Capability.LAST_LOGIN: "Bugsink 2.6 has no last logins in its API.",
    Capability.INVITATIONS: "Bugsink 2.6 has no invitations in its API; see Team settings in its pages.",
    Capability.ALERT_RULES: _NO_RULES,
    **dict.fromkeys(
        (
            Capability.ALERT_SPIKES,
            Capability.ALERT_ANY_SPIKE,
            Capability.ALERT_USERS,
            Capability.ALERT_ENVIRONMENT,
            Capability.ALERT_ENVIRONMENTS,
            Capability.ALERT_PRIORITY,
            Capability.ALERT_HOURS,
            Capability.ALERT_MEMBERS,
            Capability.ALERT_EMAIL,
            Capability.ALERT_SLACK,
            Capability.ALERT_PAGERDUTY,
        ),
        _NO_RULES,
    ),
    Capability.AUDIT_LOG: "Bugsink 2.6 has no audit log.",
    Capability.DELETE_EVENT: "Bugsink 2.6 cannot delete one event in its API, only an issue with all its events.",
}
