"""Tells people about issues: by e-mail, in Slack, on a pager. What is told is scrubbed once more before it leaves."""
