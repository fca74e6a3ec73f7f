"""What the subcommands of `sentry_triage` do, between what was typed and what is shown."""
