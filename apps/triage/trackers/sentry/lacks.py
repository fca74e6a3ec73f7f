"""What Sentry cannot do, in a sentence each."""

from collections.abc import Mapping

from ..base import Capability

LACKS: Mapping[Capability, str] = {
    Capability.AUDIT_LOG: "Sentry has no audit log in its public API: see Audit Log in the organisation's settings.",
    Capability.DELETE_EVENT: "Sentry has no deleting of one event: the smallest thing that goes is an issue.",
}
