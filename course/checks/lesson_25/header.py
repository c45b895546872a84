"""What the checker of exercise 25.1 needs: nested headers, a walk through them, classic mistakes."""

from course.checks.answers import as_lines
from course.checks.compare import Case, mistakes

NAME, DATE, COMMENT, STUDY, SERIES = "0010,0010", "0008,0020", "0020,4000", "0008,1110", "0008,1115"
MAKER, INNER, ODD_ELEMENT = "0009,1001", "0033,0010", "0028,0101"


def as_text(found):
    return as_lines(found, "Give a list of paths.")


def cases():
    plain = {NAME: "Lee^Ann", ODD_ELEMENT: "12", DATE: "20240131", "7FE0,0010": "pixels"}
    nested = {DATE: "20240131", STUDY: [{NAME: "Lee^Ann", ODD_ELEMENT: "8"}, {COMMENT: "saw Ann"}], NAME: "Lee^Ann"}
    private = {"000B,1001": "Ann", "001D,0010": "x", MAKER: "Ann", INNER: [{NAME: "Lee^Ann"}], "0028,0010": "512",
               COMMENT: ""}
    deep = {STUDY: [{SERIES: [{"0028,0010": "1"}, {SERIES: [{NAME: "Lee", MAKER: "x"}]}]}], "0008,0060": "CT"}
    sequence = {SERIES: [{NAME: "Lee"}], STUDY: [{SERIES: [{DATE: "20240131"}]}, {}]}
    return [Case(plain, {NAME}, note="no sequence, nothing private"), Case(nested, {NAME, COMMENT}),
            Case(private, {NAME, COMMENT}, note="private tags, one of them a sequence"), Case(deep, {NAME, DATE}),
            Case(sequence, {SERIES, NAME}, note="a listed sequence"), Case({"0028,0010": "5"}, {NAME})]  # fmt: skip


def by_stack(head, tags):
    found, stack = [], [("", head)]
    while stack:
        above, one = stack.pop()
        for tag, value in one.items():
            if tag in tags or int(tag[3], 16) % 2:
                found.append(above + tag)
            elif isinstance(value, list):
                stack += [(f"{above}{tag}/", item) for item in value]
    return "\n".join(sorted(found))


def wrong(private=lambda tag: int(tag[:4], 16) % 2 == 1, goes=lambda tag, tags: tag in tags, inside=True, whole=True,
          first=False, path=True, end=sorted):  # fmt: skip
    """The walk with something changed; path: with what stands above."""
    def walk(head, tags, above=""):
        found = []
        for tag, value in head.items():
            gone = goes(tag, tags) or private(tag)
            if gone:
                found.append(above + tag)
            if isinstance(value, list) and inside and not (gone and whole):
                for item in value[:1] if first else value:
                    found += walk(item, tags, f"{above}{tag}/" if path else "")
        return found
    return lambda head, tags: "\n".join(end(walk(head, tags)))


MISTAKES = mistakes(
    ("The digits of a tag are hexadecimal: B, D and F are odd, too. int(tag[:4], 16) reads them.",
     wrong(private=lambda tag: tag[3] in "13579")),
    ("The right paths, unsorted.", wrong(end=list)),
    ("Names inside sequences stay. Where a value is a list, walk into each of its headers.", wrong(inside=False)),
    ("Of each sequence only the first header was looked at. Walk into all of them.", wrong(first=True)),
    ("Private tags stay. A tag is private when its group, the first four digits, is odd.",
     wrong(private=lambda tag: False)),
    ("Private tags stay, and so do names inside sequences.", wrong(private=lambda tag: False, inside=False)),
    ("It is the GROUP that must be odd, the first four digits, not the element behind the comma.",
     wrong(private=lambda tag: int(tag[5:], 16) % 2 == 1)),
    ("A tag counts as private when group or element is odd. Only the group decides.",
     wrong(private=lambda tag: int(tag[:4], 16) % 2 == 1 or int(tag[5:], 16) % 2 == 1)),
    ("The digits of a tag are hexadecimal; its group was read otherwise, or its last digit was not.",
     wrong(private=lambda tag: int(tag[0], 16) % 2 == 1)),
    ("What goes as a whole is listed once: do not walk into a sequence that goes.", wrong(whole=False)),
    ("The paths are incomplete: put the sequence's tag and a slash in front of what stands inside it.",
     wrong(path=False)),
    ("Whole sequences go here. Only what is listed or private goes; the rest of a sequence stays.",
     wrong(goes=lambda tag, tags: tag in tags or tag in (STUDY, SERIES))),
)  # fmt: skip


