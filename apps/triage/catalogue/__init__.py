"""Errors made on purpose: what `sentry_test` fires, and what development serves below /demo/errors/."""
