"""The gate S9-MON-002: each line of its checklists is seen by this run, read from a record, or said by a named person."""
