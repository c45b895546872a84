"""What the checker of exercise 27.1 needs: claims, catalogues, a look-up, classic mistakes."""

from course.checks.answers import as_lines
from course.checks.compare import Case, mistakes
from course.references import plain

RIGHT, OTHER, MISSING = "right", "other facts", "not found"
SHELF = [("Deep residual learning for image recognition", "He", 2016),
         ("ImageNet classification with deep convolutional neural networks", "Krizhevsky", 2012),
         ("ImageNet: a large-scale hierarchical image database", "Deng", 2009),
         ("Deep learning", "LeCun", 2015), ("Deep learning", "Goodfellow", 2016)]


def as_text(found):
    return as_lines(found, "Give a list of words, one for each claim.")


def cases():
    claims = [("ImageNet Classification with Deep Convolutional Neural Networks", "Deng", 2014),
              ("Deep Residual Learning for Image Recognition", "He", 2016),
              ("Deep learning for image recognition", "He", 2016),
              ("ImageNet: A Large-Scale Hierarchical Image Database.", "Deng", 2009),
              ("deep   learning", "Goodfellow", 2016), ("Deep Learning", "Goodfellow", 2015),
              ("Deep learning", "LeCun", 2015)]
    return [Case(claims, SHELF), Case(claims[::-1], SHELF[:2], note="a short catalogue"),
            Case(claims[1:3], [], note="an empty catalogue"),
            Case([("MedMNIST v2", "Yang", 2023), ("Image recognition for deep learning", "He", 2016)],
                 [("MedMNIST v1", "Yang", 2023), ("Deep learning for image recognition", "He", 2016)],
                 note="another number, another order"),
            Case([("Image: recognition", "He", 2016), ("Image recognition", "he", 2016),
                  ("Image recognition", "He", 2015)], [("Image Recognition", "He", 2016)],
                 note="points and capitals")]  # fmt: skip


def by_dictionary(claims, catalogue):
    known = {}
    for title, author, year in catalogue:
        known.setdefault(plain(title), []).append((author.lower(), year))
    return "\n".join(MISSING if plain(title) not in known
                     else RIGHT if (author.lower(), year) in known[plain(title)] else OTHER
                     for title, author, year in claims)  # fmt: skip


def wrong(same=lambda one, other: plain(one) == plain(other), author=str.lower, facts=lambda a, b: a == b, all_of=any):
    """The look-up with something changed: how titles and authors are compared, which facts, of how many entries."""
    def answer(claims, catalogue):
        out = []
        for title, name, year in claims:
            entries = [entry for entry in catalogue if same(title, entry[0])]
            agree = [facts((author(name), year), (author(entry[1]), entry[2])) for entry in entries]
            out.append(MISSING if not entries else RIGHT if all_of(agree) else OTHER)
        return "\n".join(out)
    return answer


def _apart(claims, catalogue):
    """Author and year looked for in any entries of the title."""
    out = []
    for title, name, year in claims:
        entries = [entry for entry in catalogue if plain(entry[0]) == plain(title)]
        agree = (name.lower() in [entry[1].lower() for entry in entries]) and year in [entry[2] for entry in entries]
        out.append(MISSING if not entries else RIGHT if agree else OTHER)
    return "\n".join(out)


MISTAKES = mistakes(
    ("Titles were compared letter by letter. Capitals, points and spaces say nothing: compare small letters and digits "
     "alone.", wrong(same=lambda one, other: one == other)),
    ("Capitals are ignored, points are not: 'Image: recognition' is 'Image recognition'.",
     wrong(same=lambda one, other: one.lower() == other.lower())),
    ("A title counts as found when it is a part of another. A blend of two titles would pass: compare them whole.",
     wrong(same=lambda one, other: plain(one) in plain(other) or plain(other) in plain(one))),
    ("Two works may have one title: look at every entry with it, not at the first alone.",
     wrong(all_of=lambda agree: agree[0])),
    ("Two works may have one title: one that agrees is enough.", wrong(all_of=all)),
    ("The year was not looked at.", wrong(facts=lambda a, b: a[0] == b[0])),
    ("The author was not looked at.", wrong(facts=lambda a, b: a[1] == b[1])),
    ("Author and year must agree in one and the same entry.", _apart),
    ("Author or year agreed, and that was enough here. Both must.",
     wrong(facts=lambda a, b: a[0] == b[0] or a[1] == b[1])),
    ("Capitals of the author's name were held to matter.", wrong(author=str)),
)  # fmt: skip
