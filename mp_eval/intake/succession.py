"""In which order the files of a delivery came, as their names say: what comes later has the last word (`last`)."""

from __future__ import annotations

import re
from pathlib import Path

MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
            "september sept sep", "oktober okt", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b")
DAY_FIRST = re.compile(r"\b((?P<day>\d\d?)[ .-])?(?P<month>\d\d?)[ .-](?P<year>(19|20)\d\d)\b")
SHORT_YEAR = re.compile(r"\b(?P<day>\d\d?)[.-](?P<month>\d\d?)[.-](?P<year>\d\d)\b")
PART_FIRST = re.compile(r"\b(?P<part>(?:kw|[qkw])?\.? ?[1-4])e?( ?(?:kwartaal|kw))? (?P<year>(?:19|20)\d\d)\b")


def in_succession(path: Path) -> tuple[list[tuple[int, str]], str]:
    """A key by which files sort by the words, numbers and days in their names.

    Month 10 comes after month 9, december after april, and 1 February after 15 January.

    >>> names = ["15-01-2025.csv", "01-02-2025.csv", "december 2024.csv", "april 2024.csv", "10.csv", "9.csv"]
    >>> [path.stem for path in sorted(map(Path, names), key=in_succession)]
    ['9', '10', 'april 2024', 'december 2024', '15-01-2025', '01-02-2025']
    >>> names = ["15-01-25", "1e kwartaal 2025", "31-12-24", "4e kwartaal 2024"]
    >>> [path.name for path in sorted(map(Path, names), key=in_succession)]
    ['4e kwartaal 2024', '31-12-24', '1e kwartaal 2025', '15-01-25']
    """
    name = MONTH.sub(lambda found: f"{MONTHS[found[0]]:02}", path.stem.casefold().replace("_", " "))
    name = DAY_FIRST.sub(lambda found: " ".join(filter(None, (found["year"], found["month"], found["day"]))), name)
    name = SHORT_YEAR.sub(lambda found: f"20{found['year']} {found['month']} {found['day']}", name)
    name = PART_FIRST.sub(lambda found: f"{found['year']} {found['part']} ", name)
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts], path.name
