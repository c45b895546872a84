"""Progress bars: items pass through unchanged, nothing is written where nobody watches, constant text in notebooks."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from course.progress import Progress, progress


def test_items_pass_through_in_order(capsys):
    assert list(progress([3, 1, 2], "sorting")) == [3, 1, 2]
    assert list(progress((n * n for n in range(4)), total=4)) == [0, 1, 4, 9]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_progress_does_not_swallow_an_error():
    with pytest.raises(ValueError, match="bad picture"), Progress(3) as bar:
        bar.update(note="one")
        raise ValueError("bad picture")
    assert bar.count == 1


def test_the_bar_closes_when_the_loop_is_left_early():
    for item in progress(range(10)):
        if item == 3:
            break


def test_long_work_writes_a_line_a_step_into_a_log(capsys):
    with Progress(3, "epochs", log=True) as bar:
        bar.update(0)
        bar.update(note="loss 0.5")
        bar.update()
    assert capsys.readouterr().err == "epochs: 1 of 3, loss 0.5\nepochs: 2 of 3\n"


def test_importing_it_loads_neither_ipython_nor_widgets():
    code = "import sys, course.progress; print([m for m in ('IPython', 'ipywidgets') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_notebook_stores_one_constant_sentence():
    cell = nbformat.v4.new_code_cell(
        "from course.progress import Progress, progress\n"
        "total = sum(progress(range(5), 'drawing'))\n"
        "with Progress(None, 'counting') as bar:\n"
        "    bar.update(2, 'two at once')\n"
        "total, bar.count"
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    outputs = notebook.cells[0].outputs
    texts = [output["data"]["text/plain"] for output in outputs]
    assert texts == [
        "[drawing: a progress bar moves here while the cell runs]",
        "[counting: a progress bar moves here while the cell runs]",
        "(10, 2)",
    ]
    assert "application/vnd.jupyter.widget-view+json" in outputs[0]["data"]
