"""Alerts as code: who hears of what, said once in alerts.toml, and evaluated by the tracker or by the watch."""
