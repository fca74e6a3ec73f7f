"""What can go wrong with a receiver."""


class Undelivered(Exception):
    """A receiver did not take a message; the text says why, and names no secret.

    `patience` is for how many seconds it asked to be left alone, 0 where it did not. `partly`: somebody has it, so
    sending it again would tell them twice. `unsure`: it was on its way when the connection broke.
    """

    def __init__(self, message: str, *, patience: float = 0, partly: bool = False, unsure: bool = False) -> None:
        super().__init__(message)
        self.patience, self.partly, self.unsure = patience, partly, unsure
