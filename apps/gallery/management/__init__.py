"""The gallery's manage.py extensions."""
