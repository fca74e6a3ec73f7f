"""What `make` starts. Standard library only: this runs before anything is installed."""


class Problem(Exception):
    """Something the reader of the terminal can put right, in one sentence.

    `exit_code`: 1 something failed, 2 something was asked for that cannot be.
    """

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
