"""The applications of goimg."""
