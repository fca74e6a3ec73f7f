"""The HTTP side of accounts: parse, call one service, answer."""
