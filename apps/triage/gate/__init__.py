"""The gate S9-MON-002: each line of its checklists is seen, read from a record, or said by a named person."""
