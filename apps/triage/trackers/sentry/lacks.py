"""What Sentry cannot do, in a sentence each."""

from collections.abc import Mapping

from ..base import Capability

LACKS: Mapping[Capability, str] = {
    Capability.ALERT_ANY_SPIKE: (
        "Sentry counts a spike over 1, 5, 15 or 60 minutes or a day, and notifies again after 5, 10, 30 or 60 minutes, "
        "3, 12 or 24 hours."
    ),
    Capability.ALERT_USERS: "Sentry counts in a rule who was affected within a time, not who ever was.",
    Capability.ALERT_ENVIRONMENTS: "Sentry has one environment in a rule, or all.",
    Capability.ALERT_PRIORITY: "Sentry has high, medium and low in a rule, not P0 to P3 as people set them.",
    Capability.ALERT_HOURS: "Sentry has no hours in a rule.",
    Capability.ALERT_EMAIL: "Sentry mails to members and teams, not to any address.",
    Capability.ALERT_SLACK: "Sentry posts to Slack through an integration of its own, not through a webhook.",
    Capability.ALERT_PAGERDUTY: "Sentry pages through an integration of its own, not with a key of ours.",
    Capability.AUDIT_LOG: "Sentry has no audit log in its public API: see Audit Log in the organisation's settings.",
    Capability.DELETE_EVENT: "Sentry has no deleting of one event: the smallest thing that goes is an issue.",
}
