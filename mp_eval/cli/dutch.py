"""What click says by itself, in Dutch: usage, help, what is wrong with an argument."""

from __future__ import annotations

import errno
import gettext
import os
from pathlib import Path

import click

WORDS = Path(__file__).parent / "words"  # nl/LC_MESSAGES/messages.mo, made of the .po beside it
REFUSED = {
    errno.ENOENT: "is er niet",
    errno.EACCES: "daar mag mp-eval niet bij; is het open in een ander programma?",
    errno.EPERM: "daar mag mp-eval niet bij; is het open in een ander programma?",
    errno.EEXIST: "is er al",
    errno.ENOTDIR: "een deel van dit pad is geen map",
    errno.EISDIR: "is een map",
    errno.ENAMETOOLONG: "deze naam is te lang",
    errno.ENOSPC: "de schijf is vol",
    errno.EROFS: "hier kan niet worden geschreven",
}


def why(error: OSError) -> str:
    """What the system refused, in Dutch; in its own words where there are no others."""
    return REFUSED.get(error.errno or 0, error.strerror or str(error))


def speak() -> None:
    """Let click look its messages up here. All else that mp-eval says is Dutch too, whatever the user's locale."""
    os.environ["LANGUAGE"] = "nl"
    gettext.bindtextdomain("messages", WORDS)


def name_parts(group: click.Group) -> None:
    """What stands for options and commands in a line of usage has no message of its own."""
    group.options_metavar, group.subcommand_metavar = "[OPTIES]", "OPDRACHT [ARGUMENTEN]..."
    for command in group.commands.values():
        command.options_metavar = "[OPTIES]"
