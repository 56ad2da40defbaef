"""`python -m mp_eval.cli`, where the script is not on the path."""

from __future__ import annotations

from .front import main

main(prog_name="mp-eval")
