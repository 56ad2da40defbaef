"""A bar on the screen for whoever waits; where nobody looks, the lines alone."""

from __future__ import annotations

import sys
from typing import Any

from .publish.release import Progress


class Bar(Progress):
    """Tells each delivery in a line, and the pages in a bar on a terminal."""

    _bar: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def say(self, text: str) -> None:
        sys.stderr.write(f"  {text}\n")

    def expect(self, count: int) -> None:
        if count and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=count, unit="deel", desc="Pagina's", file=sys.stderr)

    def done(self, name: str) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(name)
            self._bar.update()
