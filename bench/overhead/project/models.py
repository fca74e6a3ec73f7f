"""Something to list."""

from django.db import models


class Row(models.Model):
    """One of fifty."""

    title = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title
