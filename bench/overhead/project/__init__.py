"""A small application that knows nothing of goimg but its error tracking. BENCH_KIND says what tracks its errors."""
