"""Add up pytest's reports: `python tests/count.py FOLDER` prints "N passed, N failed, N skipped" as its only line.

Exit status 1 when a test failed, when a report cannot be read, or when nothing passed.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count(folder):
    """Return (passed, failed, skipped) over all *.xml in `folder`; an error counts as failed."""
    passed = failed = skipped = 0
    for path in sorted(Path(folder).glob("*.xml")):
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            wrong = int(suite.get("failures")) + int(suite.get("errors"))
            failed += wrong
            skipped += int(suite.get("skipped"))
            passed += int(suite.get("tests")) - wrong - int(suite.get("skipped"))
    return passed, failed, skipped


if __name__ == "__main__":
    try:
        passed, failed, skipped = count(sys.argv[1])
    except ElementTree.ParseError:
        passed, failed, skipped = 0, 1, 0
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0 or passed == 0)
