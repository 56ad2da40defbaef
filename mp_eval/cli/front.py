"""The group that every command is in, and how it begins."""

from __future__ import annotations

import signal
import sys
from typing import Any

import click

from .. import __version__
from . import dutch

dutch.speak()  # before click asks for the words of its own options


class Group(click.Group):
    """A group in which what the system refuses is told in a line, as what was asked wrongly."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            from ..faults import refused

            raise click.UsageError(f"{error.filename or 'een bestand'} {refused(error)}") from None


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mp-eval")
def main() -> None:
    """Evaluatie van maatschappelijke participatie: van leveringen naar pagina's voor de raad."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop as for Ctrl-C: nothing left behind
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not know every character
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
