"""A polite request to end: SIGTERM, as a batch queue sends it, cleans up as Ctrl-C does."""

import contextlib
import signal

_came = []


def came():
    """Has either come? A library that is interrupted in the middle may raise anything instead of KeyboardInterrupt."""
    return bool(_came)


@contextlib.contextmanager
def terminated_like_interrupted():
    """While this lasts, SIGTERM and Ctrl-C both raise KeyboardInterrupt, and `came` says so."""

    def interrupt(number, frame):
        _came.append(number)
        raise KeyboardInterrupt

    before = {}
    _came.clear()
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            if number == signal.SIGTERM or signal.getsignal(number) is signal.default_int_handler:
                before[number] = signal.signal(number, interrupt)
    except ValueError:  # not in the main thread: nobody interrupts this one
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
