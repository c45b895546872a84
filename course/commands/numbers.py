"""Numbers on the command line, with bounds: what cannot work is refused before any work."""

import argparse


def whole(least, most):
    """Return a converter for argparse: a whole number from `least` to `most`."""

    def convert(text):
        if not (text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least:,} to {most:,}")
        return int(text)

    return convert


def share(text):
    """Convert a share above 0 and up to 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share above 0 and up to 1, such as 0.95")
    return value
