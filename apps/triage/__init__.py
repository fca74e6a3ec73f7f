"""The way back: from the tracker to a person. Imports error_tracking only."""
