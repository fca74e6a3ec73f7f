"""People: accounts, sessions, tokens."""
