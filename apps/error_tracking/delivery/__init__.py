"""From a captured envelope to the wire."""
