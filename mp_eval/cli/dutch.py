"""What click says by itself, in Dutch: usage, help, what is wrong with an argument."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import click

WORDS = Path(__file__).parent / "words"  # nl/LC_MESSAGES/messages.mo, made of the .po beside it


def speak() -> None:
    """Let click look its messages up here. All else that mp-eval says is Dutch too, whatever the user's locale."""
    os.environ["LANGUAGE"] = "nl"
    gettext.bindtextdomain("messages", WORDS)


def name_parts(group: click.Group) -> None:
    """What stands for options and commands in a line of usage has no message of its own."""
    group.options_metavar, group.subcommand_metavar = "[OPTIES]", "OPDRACHT [ARGUMENTEN]..."
    for command in group.commands.values():
        command.options_metavar = "[OPTIES]"
