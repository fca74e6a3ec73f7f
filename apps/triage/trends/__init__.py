"""How errors developed: figures of a period beside those of the one before."""

from .figures import Trends, trends
from .reading import PERIODS

__all__ = ["PERIODS", "Trends", "trends"]
