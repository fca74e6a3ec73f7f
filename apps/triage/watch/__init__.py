"""Looks at the tracker again and again, and tells people what the rules of alerts.toml say they must know."""
