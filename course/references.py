"""A reading list in which every title, author, year and place was looked up (December 2026), and whom each is for."""

import re
from typing import NamedTuple


class Reference(NamedTuple):
    """One work. authors: family name of the first, "and others" where there are more than two; what_for: one clause."""

    title: str
    authors: str
    year: int
    place: str
    what_for: str
    topic: str


BOOKS, MEDICAL, METHODS, COURSES = "books", "medical imaging", "methods", "courses"
LIST = (
    Reference("Deep Learning with Python", "Chollet and Watson", 2025, "Manning, third edition",
              "goes on in Keras where lesson 14 stops", BOOKS),
    Reference("Understanding Deep Learning", "Prince", 2023, "MIT Press, free at udlbook.com",
              "why networks work, with notebooks in PyTorch", BOOKS),
    Reference("A survey on deep learning in medical image analysis", "Litjens and others", 2017,
              "Medical Image Analysis 42, 60-88", "what had been tried by 2017, organ by organ", MEDICAL),
    Reference("Machine learning for medical imaging: methodological failures and recommendations for the future",
              "Varoquaux and Cheplygina", 2022, "npj Digital Medicine 5, 48",
              "why so much of it never reaches a patient", MEDICAL),
    Reference("Understanding metric-related pitfalls in image analysis validation", "Reinke and others", 2024,
              "Nature Methods 21, 182-194", "whoever must choose a measure", METHODS),
    Reference("TRIPOD+AI statement: updated guidance for reporting clinical prediction models that use regression or "
              "machine learning methods", "Collins and others", 2024, "BMJ 385, e078378",
              "whoever writes a result down", METHODS),
    Reference("ImageNet classification with deep convolutional neural networks", "Krizhevsky and others", 2012,
              "NIPS 25", "the network that began it", METHODS),
    Reference("ImageNet: a large-scale hierarchical image database", "Deng and others", 2009, "CVPR",
              "where lesson 17's weights come from", METHODS),
    Reference("Deep residual learning for image recognition", "He and others", 2016, "CVPR", "lesson 16's blocks",
              METHODS),
    Reference("CS231n: Convolutional neural networks for visual recognition", "Li and others", 2015,
              "Stanford University, a course", "lectures and notes, NumPy exercises", COURSES),
)  # fmt: skip


def plain(title):
    """Return a title for comparing: small letters, digits and single spaces, nothing else."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", title.lower()).split())


def by_topic(topic):
    """Return the references of one topic, in the order of the list."""
    return [one for one in LIST if one.topic == topic]


def reading_list():
    """Return the whole list as text, a topic after another."""
    lines = []
    for topic in dict.fromkeys(one.topic for one in LIST):
        lines += [topic.upper()] + [f"- {one.authors}: {one.title}. {one.place}, {one.year}. For: {one.what_for}."
                                    for one in by_topic(topic)]  # fmt: skip
    return "\n".join(lines)
