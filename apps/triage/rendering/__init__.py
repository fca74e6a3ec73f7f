"""How `sentry_triage` shows things: on a terminal of any width, in a pipe, and as JSON."""
