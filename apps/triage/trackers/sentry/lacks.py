"""What Sentry cannot do, in a sentence each."""

from collections.abc import Mapping

from ..base import Capability

LACKS: Mapping[Capability, str] = {
    Capability.ALERT_ANY_SPIKE: (
        "Sentry has no spikes but those of 1, 5, 15 or 60 minutes or a day, notified of again after 5, 10, 30 or 60 "
        "minutes, or 3, 12 or 24 hours."
    ),
    Capability.ALERT_USERS: "Sentry has no count in a rule of all whom an issue affected, only within a time.",
    Capability.ALERT_ENVIRONMENTS: "Sentry has no rule for several environments, only for one or all.",
    Capability.ALERT_PRIORITY: "Sentry has no P0 to P3 in a rule, only high, medium and low.",
    Capability.ALERT_HOURS: "Sentry has no hours in a rule.",
    Capability.ALERT_EMAIL: "Sentry has no mail to an address, only to members and teams.",
    Capability.ALERT_SLACK: "Sentry has no Slack through a webhook, only through an integration of its own.",
    Capability.ALERT_PAGERDUTY: "Sentry has no PagerDuty with a key of ours, only through an integration of its own.",
    Capability.AUDIT_LOG: "Sentry has no audit log in its public API: see Audit Log in the organisation's settings.",
    Capability.DELETE_EVENT: "Sentry has no deleting of one event: the smallest thing that goes is an issue.",
}
