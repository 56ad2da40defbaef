"""A delivery of a few rows, by itself: its settings, its source note, and what takes it in (`take` in conftest)."""

from __future__ import annotations

from collections.abc import Callable

from mp_eval.intake.clean import Taken

Take = Callable[..., Taken]
SETTINGS = '[municipality]\nname = "x"\n\n[[periods]]\nid = "2024"\nstart = 2024-01-01\nend = 2025-01-01\n\n'
SOURCE = 'producer = "v"\nextracted = 2025-02-01\nsynthetic = true\nnot_delivered = {}\n'
