"""report.html: one page that needs no other file and no network."""

from html import escape

from course.files import shown
from course.models.probability import sentence
from course.models.report import data_address

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
.caution { border-left: 6px solid #D55E00; background: #fff4ec; padding: .6rem 1rem; font-weight: 600; }
.warning { border-left: 6px solid #0072B2; background: #eef6fb; padding: .6rem 1rem; white-space: pre-wrap; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .35rem .9rem .35rem 0; text-align: left;
  border-bottom: 1px solid #ccc; vertical-align: top; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
figure { margin: 1.5rem 0; } img { max-width: 100%; height: auto; } figcaption { color: #444; }
"""


PLAIN_KERAS = """from pathlib import Path
import course.models.breast_cnn  # tells Keras the layers of this course
import keras
model = keras.saving.load_model(Path("model.keras"), compile=False)
model(pictures)  # uint8 (n, size, size, 3), RGB, 0 to 255"""


def page(facts, report, figures, caution, made=()):
    """Return the HTML text. facts: model.json; report: report.json; figures: as `report.figures` returns them.

    made: further lines of the table at the end, pairs of texts, such as the date.
    """
    positive = shown(facts["positive_class"])
    body = [
        f"<h1>{escape(facts['recipe']['model'].capitalize())} network on {escape(shown(facts['data']['folder']))}</h1>",
        f'<p class="caution">{escape(caution)}</p>',
        *(f'<p class="warning">{escape(text)}</p>' for text in report["warnings"]),
        "<h2>Result on the test pictures</h2>",
        f"<p>Area under the ROC curve: <strong>{interval(report['test']['auc'])}</strong>. "
        "In brackets, unless said otherwise: the 95 % interval. Of 100 such intervals, about 95 enclose the true value"
        f"{_whose(report['test'])}</p>",
        _results(report["test"], positive),
        _elsewhere(report["test"], positive),
        _believed(report["test"], facts, positive),
        f"<p>The threshold was chosen on the validation pictures: the largest that finds at least "
        f"{facts['threshold_rule']['sensitivity']:.0%} of their {escape(positive)} pictures, moved half-way to the "
        "next lower score, so that no picture's score lies on it. On the test pictures it may find more or fewer.</p>",
        *(_figure(*figure) for figure in figures),
        "<h2>Result on the validation pictures</h2>",
        "<p>Used to choose the epoch and the threshold, so these figures flatter.</p>",
        f"<p>Area under the ROC curve: {interval(report['validation']['auc'])}.</p>",
        _results(report["validation"], positive),
        "<h2>How it was made</h2>",
        _facts(facts, made),
        "<p>In Python, without the course's commands (its package must be installed; these scores are not yet "
        "calibrated, nor means over mirror images):</p>",
        f"<pre>{escape(PLAIN_KERAS)}</pre>",
    ]
    return ('<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Training report</title><style>{STYLE}</style></head>\n<body>\n"
            + "\n".join(body) + "\n</body>\n</html>\n")


def interval(value):
    """0.93 (0.88 to 0.97)"""
    return f"{value['estimate']:.2f} ({value['low']:.2f} to {value['high']:.2f})"


def _results(measured, positive):
    names = {"accuracy": "accuracy: right decisions", "sensitivity": f"sensitivity: {positive} found",
             "specificity": "specificity: others left in peace"}
    rules = [measured["at_threshold"], measured["at_half"]]
    head = "".join(f'<th scope="col">threshold {rule["threshold"]:.3f}</th>' for rule in rules)
    rows = "".join(
        f'<tr><th scope="row">{escape(text)}</th>'
        + "".join(f"<td>{interval(rule[name])}<br>{rule[name]['right']} of {rule[name]['of']}</td>" for rule in rules)
        + "</tr>" for name, text in names.items()
    )
    rows += (f'<tr><th scope="row">accuracy of calling all alike</th>'
             f'<td colspan="2">{measured["majority"]:.2f}</td></tr>')
    return (f'<table><caption>{measured["n"]} pictures, {measured["positives"]} of them {escape(positive)}</caption>'
            f'<tr><th scope="col">measure</th>{head}</tr>{rows}</table>')


def _whose(measured):
    """What the intervals take for independent."""
    if measured["patients"] is None:
        return (", if each picture shows another person. Which pictures belong to one patient is not known here; where "
                "several do, the intervals are too narrow.")
    return (f". They are by patient: {measured['n']} pictures of {measured['patients']} patients, named in "
            "patients.csv.")


def _elsewhere(measured, positive):
    """What the decisions are worth where the disease is rarer, or commoner, than in this folder."""
    rows = "".join(f'<tr><th scope="row">{_percent(one["share"])}</th><td>{_worth(one["ppv"])}</td>'
                   f'<td>{_worth(one["npv"])}</td></tr>' for one in measured["predictive"])
    return (f"<table><caption>Predictive values at the chosen threshold</caption><tr>"
            f'<th scope="col">share that is {escape(positive)}</th>'
            f'<th scope="col">called {escape(positive)} and so</th>'
            f'<th scope="col">called otherwise and so</th></tr>{rows}</table>'
            "<p>The first line is this test's own share; the others assume the same sensitivity and specificity there. "
            "In brackets: with sensitivity and specificity both at the lower, both at the upper end of their intervals."
            "</p>")


def _worth(values):
    if values[0] is None:
        return "nobody is called so"
    estimate, *ends = values
    return _percent(estimate) + ("" if None in ends else f" ({_percent(ends[0])} to {_percent(ends[1])})")


def _percent(share):
    """37.3 %, 4.2 %, 0.50 %, 99.97 %: the digits that matter near 0 and near 1."""
    rest = min(share, 1 - share)
    return f"{100 * share:.{1 if rest >= 0.01 or rest == 0 else 2}f} %"


def _believed(measured, facts, positive):
    """How far the probabilities can be believed."""
    found = measured["calibration"]
    line = ("Slope and intercept are not defined: all scores are alike, or they separate the classes."
            if found["slope"] is None else
            f"Slope {found['slope']:.2f} (below 1: too extreme), intercept {found['intercept']:+.2f}, both without "
            "an interval.")
    return (f"<p>{escape(sentence(facts.get('calibration'), positive))} On the test pictures their mean is "
            f"{found['mean_probability']:.3f}, and {found['share']:.3f} are {escape(positive)}. Brier score "
            f"{found['brier']:.3f}; whoever gives every picture the share has {found['brier_of_share']:.3f}. "
            f"{line}</p>")


def _figure(title, alt, png):
    return (f'<h2>{escape(title)}</h2><figure><img alt="{escape(alt)}" src="{data_address(png)}">'
            f"<figcaption>{escape(alt)}</figcaption></figure>")


def _facts(facts, made):
    counts = "; ".join(f"{split}: " + ", ".join(f"{n} {shown(name)}" for name, n in classes.items())
                       for split, classes in facts["data"]["counts"].items())
    rows = {
        "classes": "{} = 0, {} = 1 (positive)".format(*map(shown, facts["class_names"])),
        "pictures": counts,
        "size": f"{facts['size']} x {facts['size']} pixels",
        "weights": f"{facts['weights']:,}",
        "epochs": f"{facts['epochs']}, of which number {facts['best_epoch']} was kept",
        "seed": facts["seed"],
        "recipe": ", ".join(f"{name} {value}" for name, value in facts["recipe"].items()),
        "versions": ", ".join(f"{name} {value}" for name, value in facts["versions"].items()),
        "data digest": facts["data"]["digest"][:16],
        **dict(made),
    }
    return "<table>" + "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(value))}</td></tr>'
                               for name, value in rows.items()) + "</table>"
