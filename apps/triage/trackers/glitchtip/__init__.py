"""GlitchTip (https://glitchtip.com/documentation): Sentry's old API with differences of its own."""

from .adapter import GlitchTip

__all__ = ["GlitchTip"]
