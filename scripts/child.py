"""Becomes the program it is given, which ends when the launcher does: `child.py <launcher pid> program …`.

A launcher that is killed by SIGKILL cannot clean up, so Linux is asked to do it; elsewhere that one case is
not covered. https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to the launcher, then turn into the program."""
    launcher, program, *arguments = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(launcher):
        sys.exit("The launcher ended before its child began.")
    os.execv(program, [program, *arguments])  # noqa: S606 - the launcher's own command, no shell


if __name__ == "__main__":
    main()
