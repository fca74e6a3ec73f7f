"""What GlitchTip cannot do, in a sentence each."""

from collections.abc import Mapping

from ..base import Capability

LACKS: Mapping[Capability, str] = {
    Capability.ASSIGN: "GlitchTip 5 has no assignees.",
    Capability.PRIORITY: "GlitchTip 5 has no priorities that can be set.",
    Capability.MERGE: "GlitchTip 5 has no merge that keeps tags, counts and more than 1,000 events of what is merged.",
    Capability.RESOLVE_IN_RELEASE: "GlitchTip 5 has no resolving in a release: the next event reopens an issue.",
    Capability.RESOLVE_IN_NEXT_RELEASE: (
        "GlitchTip 5 has no resolving in the next release: the next event reopens an issue."
    ),
    Capability.RESOLVE_IN_COMMIT: "GlitchTip 5 has no resolving in a commit: the next event reopens an issue.",
    Capability.IGNORE_FOR: "GlitchTip 5 has no ignoring for a time, only for good.",
    Capability.IGNORE_UNTIL: "GlitchTip 5 has no ignoring until a number of events, only for good.",
    Capability.COMMITS: "GlitchTip 5 has no commits of a release.",
    Capability.DEPLOYS: "GlitchTip 5 has no deploys.",
    Capability.TWO_FACTOR: "GlitchTip 5 has no way to see who else uses two-factor authentication.",
    Capability.ALERT_SPIKES: (
        "GlitchTip 5 has no exact spikes: it counts once a minute, can miss one between two counts, and notifies once."
    ),
    Capability.ALERT_ANY_SPIKE: "GlitchTip 5 has no second notification of an issue until it is resolved and returns.",
    Capability.ALERT_USERS: "GlitchTip 5 has no user count in a rule.",
    Capability.ALERT_ENVIRONMENT: "GlitchTip 5 has no environments in a rule.",
    Capability.ALERT_ENVIRONMENTS: "GlitchTip 5 has no environments in a rule.",
    Capability.ALERT_PRIORITY: "GlitchTip 5 has no priorities in a rule.",
    Capability.ALERT_HOURS: "GlitchTip 5 has no hours in a rule.",
    Capability.ALERT_EMAIL: "GlitchTip 5 has no mail to an address, only to the members of the project's teams.",
    Capability.ALERT_PAGERDUTY: "GlitchTip 5 has no PagerDuty.",
    Capability.AUDIT_LOG: "GlitchTip 5 has no audit log in its API.",
    Capability.DELETE_EVENT: "GlitchTip 5 has no deleting of one event: the smallest thing that goes is an issue.",
}
