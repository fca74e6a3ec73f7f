"""People: their accounts, their sessions and their tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, sign-in and sessions."""

    name = "apps.accounts"
