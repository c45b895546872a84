"""The folder a trained model is written to, made ready before any long work begins and before TensorFlow is loaded."""

from pathlib import Path

from course import CourseError
from course.files import explained, write_text

OUTPUTS = ("model.json", "report.html", "report.json", "history.csv", "model.keras")  # model.json goes first


def prepare_out(out, overwrite=False):
    """Make sure that `out` can be written to and holds no finished model; raise CourseError otherwise.

    overwrite: remove a finished model. An unfinished run stays, since going on with it loses nothing.
    """
    out = Path(out)
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
        for leftover in out.glob(".part-*"):  # of a run that was killed while writing
            leftover.unlink()
    write_text(out / ".writable", "")
    (out / ".writable").unlink()
    if (out / "model.json").exists() and not overwrite:
        raise CourseError(f"{out} already holds a finished model. "
                          "Choose another --out, or add --overwrite to replace it.")
    with explained(out / "model.json", "replace"):
        for name in OUTPUTS if (out / "model.json").exists() else ():
            (out / name).unlink(missing_ok=True)
