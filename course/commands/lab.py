"""Open the lessons in JupyterLab.

Draws the cell pictures if they are missing and copies the notebooks into work/. A page that you have written in is
never overwritten: when its lesson has changed, the new page is put beside it, with "_newer" in its name. Pages that you
have not written in follow their lessons.

The file browser shows work/ alone; --all shows the whole course, the solutions too.
"""

from course.commands.numbers import whole


def add_arguments(parser):
    """Declare the options."""
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    parser.add_argument("--port", type=whole(1, 65_535), default=8888, metavar="N",
                        help="port to use; if it is taken, another free one is (default: 8888)")
    parser.add_argument("--all", action="store_true", help="show the whole course in the file browser, solutions too")


def run(args):
    """Open JupyterLab and stay until it ends."""
    from course import lab

    lab.start(port=args.port, browser=not args.no_browser, everything=args.all)
    return 0
