"""A password hasher for tests: the real algorithm with its smallest parameters."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2 that takes microseconds."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
