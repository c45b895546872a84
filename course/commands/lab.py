"""Open the lessons in JupyterLab.

Draws the cell pictures if they are missing and copies the notebooks into work/. Your own copies are never overwritten;
new lessons are added. The solutions are in solutions/, one folder up in the file browser.
"""


def add_arguments(parser):
    """Declare the options."""
    parser.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    parser.add_argument("--port", type=int, default=8888, help="port to use; if it is taken, the next free one is")


def run(args):
    """Open JupyterLab and stay until it ends."""
    from course import lab

    lab.start(port=args.port, browser=not args.no_browser)
    return 0
