"""Scrubbers side by side, in one run: what they catch, what they leave alone, how fast, and how they grow.

`make bench-scrubbing` runs it. Figures of different runs do not compare; ratios within one do.
"""
