"""Progress bars for long work: a text bar on stderr in a terminal, a widget in a notebook.

In a notebook the bar moves through widget messages, which are not stored. What is stored is one constant sentence, so
a notebook with a bar in it can be run again and compared, cell by cell, with what it said before. Where nobody
watches (output sent to a file, a test) nothing is written, unless the work is so long that it asks for lines (`log`).
"""

import sys
from html import escape

from tqdm import tqdm


def progress(iterable, desc="", total=None):
    """Yield the items of `iterable` and move a bar. `total` is needed only when `len(iterable)` does not work."""
    if total is None:
        total = len(iterable) if hasattr(iterable, "__len__") else None
    with Progress(total, desc) as bar:
        for item in iterable:
            yield item
            bar.update()


class Progress:
    """A bar over `total` steps (None: unknown), moved by hand: `with Progress(10, "epochs") as bar: bar.update()`.

    log: where stderr is a file, write a line at each step into it.
    """

    def __init__(self, total=None, desc="", log=False):
        self.total, self.desc, self.count, self.log = total, desc, 0, log
        self._bar = None

    def __enter__(self):
        self._bar = self._kind()(self.total, self.desc)
        return self

    def _kind(self):
        if in_notebook():
            return _NotebookBar
        return _LogLines if self.log and not sys.stderr.isatty() else _TerminalBar

    def update(self, n=1, note=""):
        """Move on by `n` steps; `note` is a short remark beside the bar, such as "loss 0.31"."""
        self.count += n
        self._bar.update(n, self.count, note)

    def __exit__(self, error_type, error, traceback):
        self._bar.close(finished=error_type is None)


def in_notebook():
    """Return True inside a Jupyter kernel. IPython is not imported to find out: a kernel has loaded it already."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


class _TerminalBar:
    """tqdm's bar; `disable=None` keeps it silent where stderr is not a terminal."""

    def __init__(self, total, desc):
        self._tqdm = tqdm(total=total, desc=desc or None, file=sys.stderr, disable=None, dynamic_ncols=True)

    def update(self, n, count, note):
        if note:
            self._tqdm.set_postfix_str(note, refresh=False)
        self._tqdm.update(n)

    def close(self, finished):
        self._tqdm.close()


class _LogLines:
    """One line for each step, for whoever looks into a log file meanwhile."""

    def __init__(self, total, desc):
        self._total, self._desc = total, desc or "steps"

    def update(self, n, count, note):
        if n:
            of_total = f" of {self._total}" if self._total else ""
            print(f"{self._desc}: {count}{of_total}" + (f", {note}" if note else ""), file=sys.stderr, flush=True)

    def close(self, finished):
        pass


class _NotebookBar:
    """An ipywidgets bar with a label such as "drawing: 120 of 569"."""

    def __init__(self, total, desc):
        import ipywidgets
        from IPython.display import display

        self._desc, self._total = desc or "working", total
        self._bar = ipywidgets.FloatProgress(value=0, min=0, max=total or 1)
        self._label = ipywidgets.HTML()
        self.update(0, 0, "")
        sentence = f"[{self._desc}: a progress bar moves here while the cell runs]"

        class StoredAsSentence(ipywidgets.HBox):
            """The row of bar and label; a notebook that is not running shows the sentence."""

            def _repr_mimebundle_(self, **kwargs):
                return {**(super()._repr_mimebundle_(**kwargs) or {}), "text/plain": sentence}

        display(StoredAsSentence([self._bar, self._label]))

    def update(self, n, count, note):
        if self._total:
            self._bar.value = count
        of_total = f" of {self._total}" if self._total else ""
        self._label.value = escape(f"{self._desc}: {count}{of_total}" + (f", {note}" if note else ""))

    def close(self, finished):
        if finished and not self._total:
            self._bar.value = self._bar.max
        self._bar.bar_style = "success" if finished else "danger"
