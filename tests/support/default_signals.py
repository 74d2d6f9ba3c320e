"""Signals of a process that a test starts."""

import signal


def restore():
    """In the child, before it becomes the command: no signal is ignored. Under nohup and in the background of a shell
    some are, which the command would leave so."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
