"""The command `course`: one word per task, each kept in its own module of `course.commands`."""

import argparse
import importlib
import os
import sys

from course import CourseError, __version__, interruption
from course.files import printable

COMMANDS = {
    "doctor": "check that this computer is ready for the course",
    "lab": "open the lessons in JupyterLab",
    "data": "draw the cell pictures, or fetch the real ultrasound",
    "train": "train the diagnosis network on a folder of pictures",
    "predict": "ask a trained network about one picture or many",
    "explain": "show where in a picture a trained network's score reacts",
    "card": "write a model card for a trained network",
    "progress": "show which exercises are right, of one learner or a class",
    "build": "build the notebooks from the lesson sources",
    "reproduce": "repeat a lesson's long runs and store the result",
}
DONE, BAD_INPUT, INTERRUPTED = 0, 2, 130


class Parser(argparse.ArgumentParser):
    """argparse's parser, which also knows what went wrong when a file's name begins with a dash."""

    words = ()

    def error(self, message):
        taken = [word for word in self.words if word.startswith("-") and os.path.lexists(word)]
        if taken:
            message += f"\na file whose name begins with a dash is given with its folder: ./{printable(taken[0])}"
        super().error(message)


def build_parser(command):
    """Return (parser, run) for one command; its module is imported only now, so that --help stays quick."""
    module = importlib.import_module(f"course.commands.{command}")
    parser = Parser(
        prog=f"course {command}", description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module.add_arguments(parser)
    return parser, module.run


def main(argv=None):
    """Run one command. Exit status: 0 done, 1 checks failed, 2 bad input, 130 interrupted."""
    argv = sys.argv[1:] if argv is None else list(argv)
    _print_anything()
    if not argv:
        _top_parser().print_help()
        return DONE
    command = _top_parser().parse_args(argv[:1]).command
    with interruption.terminated_like_interrupted():
        return _run(command, argv[1:])


def _run(command, words):
    try:
        parser, run = build_parser(command)
        parser.words = words
        return run(parser.parse_args(words)) or DONE
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        return _stopped(command)
    except Exception as error:  # a library interrupted while it is loaded may raise anything
        if interruption.came():
            return _stopped(command)
        reason = _reason(error)
        if reason is None or "COURSE_TRACEBACK" in os.environ:
            raise
        print(f"course {command}: {printable(reason)}", file=sys.stderr)
        return BAD_INPUT


def _stopped(command):
    print(f"\ncourse {command}: interrupted.", file=sys.stderr)
    return INTERRUPTED


def _reason(error):
    """Return a sentence for what the reader can put right, or None for a mistake in the program."""
    if isinstance(error, CourseError):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "the memory is not enough. Close other programs, or take a smaller --size, --batch-size or folder."
    if isinstance(error, OSError) and isinstance(error.filename, (str, bytes)):
        return f"{error.strerror or error}: {os.fsdecode(error.filename)}. See whether it is there and may be used."
    if isinstance(error, OSError) or type(error) is RuntimeError:  # its subclasses are mistakes in the program
        return f"{error} ({type(error).__name__}; with COURSE_TRACEBACK=1 in the environment Python says where)"
    return None


def _print_anything():
    """Names that the terminal's character set lacks are printed as \\u753b instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _top_parser():
    listing = "\n".join(f"  {name:<10} {text}" for name, text in COMMANDS.items())
    top = argparse.ArgumentParser(
        prog="course",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Image Recognition for Medical Diagnosis: from NumPy to Keras.",
        epilog=f"commands:\n{listing}\n\n'course COMMAND --help' explains one of them. "
        "For teaching; not a medical device.",
    )
    top.add_argument("--version", action="version", version=f"course {__version__}")
    top.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of those listed below")
    return top


if __name__ == "__main__":
    sys.exit(main())
