"""The commands, thin: they parse, call one service, print."""
