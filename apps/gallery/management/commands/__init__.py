"""The gallery's manage.py commands."""
