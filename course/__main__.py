"""The command `course`: one word per task, each kept in its own module of `course.commands`."""

import argparse
import importlib
import sys

from course import CourseError, __version__

COMMANDS = {
    "doctor": "check that this computer is ready for the course",
    "lab": "open the lessons in JupyterLab",
    "data": "draw the cell pictures, or fetch the real ultrasound",
    "train": "train the diagnosis network on a folder of pictures",
    "predict": "ask a trained network about one picture or many",
    "build": "build the notebooks from the lesson sources",
    "reproduce": "repeat a lesson's long runs and store the result",
}


def build_parser(command):
    """Return (parser, run) for one command; its module is imported only now, so that --help stays quick."""
    module = importlib.import_module(f"course.commands.{command}")
    parser = argparse.ArgumentParser(
        prog=f"course {command}", description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module.add_arguments(parser)
    return parser, module.run


def main(argv=None):
    """Run one command. Exit status: 0 done, 1 checks failed, 2 bad input, 130 interrupted."""
    argv = sys.argv[1:] if argv is None else list(argv)
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
    if not argv:
        top.print_help()
        return 0
    command = top.parse_args(argv[:1]).command
    parser, run = build_parser(command)
    try:
        return run(parser.parse_args(argv[1:])) or 0
    except CourseError as error:
        print(f"course {command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print(f"\ncourse {command}: interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
