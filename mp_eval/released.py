"""What a release says of itself: its manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .periods import Period

MANIFEST = "manifest.json"


def manifest(folder: Path) -> dict[str, Any]:
    """What a release says of itself; empty when there is none, or one of another version."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return found if isinstance(found.get("files"), dict) else {}
    except (OSError, ValueError, AttributeError):
        return {}


def holds(folder: Path, period: Period) -> bool:
    """Whether a release has pages of this period."""
    return any(name.startswith(f"{period.id}/") for name in manifest(folder).get("files", {}))
