"""What the checker of exercise 14.2 needs: tables of trainings, the epoch to keep, classic mistakes."""

import numpy as np
import pandas as pd

from course.checks.compare import Case, Mistake, mistakes


class _Training(Case):
    """The table of one training, shown in full."""

    def __init__(self, val_loss, index=None, epochs=None, note=""):
        n = len(val_loss)
        loss, test_loss = np.linspace(0.69, 0.1, n), np.roll(np.linspace(0.5, 0.8, n), 1)  # lowest in the second row
        loss[-2:] = loss[-2:][::-1]  # lowest in the last but one
        columns = {"epoch": epochs or np.arange(1, n + 1), "loss": loss, "val_loss": val_loss, "test_loss": test_loss}
        super().__init__(pd.DataFrame(columns, index=index), note=note)

    def __str__(self):
        return self.args[0].round(3).to_string() + (f"\n({self.note})" if self.note else "")


def cases():
    return [
        _Training([0.66, 0.58, 0.49, 0.52, 0.47, 0.51, 0.63]),
        _Training([0.70, 0.65, 0.55, 0.60, 0.55, 0.58], note="two epochs share the lowest value"),
        _Training([0.60, 0.64, 0.58, 0.61, 0.66], index=[10, 20, 30, 40, 50], note="row labels are not 0, 1, 2, ..."),
        _Training([0.68, 0.62, 0.57, 0.53], index=[4, 3, 2, 1], note="the row labels run backwards; still falling"),
        _Training([0.40, 0.45, 0.52], note="the first epoch is the best"),
        _Training([0.69], note="a single epoch"),
        _Training([0.61, 0.52, 0.48, 0.55], epochs=[1, 5, 10, 15], note="not every epoch was measured"),
        _Training([0.58, 0.44, 0.49, 0.56, 0.7], index=[7, 8, 9, 4, 2], epochs=[5, 4, 3, 2, 1],
                  note="the latest epoch stands first"),
    ]  # fmt: skip


def best(history):
    epochs, losses = history["epoch"].to_numpy(), history["val_loss"].to_numpy()
    return int(epochs[np.lexsort((epochs, losses))[0]])


def _at(column, pick=np.argmin):
    """The epoch of the row that pick(a column's values) names."""
    return lambda history: history["epoch"].to_numpy()[pick(history[column].to_numpy())]


MISTAKES = [
    *mistakes(
        ("This is the row's position, counted from 0. The epoch stands in the column `epoch`.",
         lambda history: history["val_loss"].to_numpy().argmin()),
        ("You added 1 to the row's position. Rows may be missing, or stand in another order: read the column `epoch`.",
         lambda history: history["val_loss"].to_numpy().argmin() + 1),
        ("This is the row's label in the table's index. The labels may be any numbers: read the column `epoch`.",
         lambda history: history["val_loss"].idxmin()),
        ("You added 1 to the row's label in the table's index. The labels may be any numbers: read the column `epoch`.",
         lambda history: history["val_loss"].idxmin() + 1),
        ("`idxmin` gives a row's label, and here it was used as a position (`iloc` or a plain array), where labels and "
         "positions differ. Use `history.loc[label, \"epoch\"]`.",
         lambda history: history["epoch"].iloc[history["val_loss"].idxmin()],
         lambda history: history["epoch"].to_numpy()[history["val_loss"].idxmin()]),
        ("`argmin` gives a row's position, and here it was used as a label (`loc` or plain brackets), where labels and "
         "positions differ. Use `history[\"epoch\"].iloc[position]`, or `idxmin` with `loc`.",
         lambda history: history["epoch"].loc[history["val_loss"].to_numpy().argmin()]),
        ("This is the epoch of the lowest training loss. That falls as long as the network learns its pictures by "
         "heart: choose by `val_loss`.", _at("loss")),
        ("This was chosen by `test_loss`. The test set is touched once, at the end; what chose the epoch cannot judge "
         "it any more. Choose by `val_loss`.", _at("test_loss")),
        ("This is the last epoch. The network may have been better before: look for the lowest `val_loss`.",
         lambda history: history["epoch"].max(), lambda history: history["epoch"].iloc[-1]),
        ("This is the number of rows. Look for the row with the lowest `val_loss`, and read its `epoch`.", len),
        ("This is the first epoch. Look for the lowest `val_loss`.", lambda history: history["epoch"].min(),
         lambda history: history["epoch"].iloc[0]),
        ("This is the epoch of the highest `val_loss`. A loss is the better the lower it is.",
         _at("val_loss", np.argmax)),
        ("Two epochs share the lowest `val_loss`, and this is the later one. The earliest was asked (a loop needs <, "
         "not <=; `sort_values` needs kind=\"stable\").",
         _at("val_loss", lambda losses: np.flatnonzero(losses == losses.min())[-1])),
        ("This is the lowest `val_loss` itself. The number of its epoch was asked.",
         lambda history: history["val_loss"].min()),
        ("This is the epoch after the best one. The number in the column `epoch` counts from 1 already.",
         lambda history: best(history) + 1),
    ),
    Mistake("A column, row or list came back, not one number. Take the number out: `int(result.iloc[0])`.",
            when=lambda result, expected, history: np.ndim(result) > 0),
]  # fmt: skip
