r"""Formulas in TeX as MathML, which browsers show without a script.

latex2mathml never complains: of what it does not know it prints the command. Such a formula is refused.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from .unfit import short, unfit

WHOLE = re.compile(r"\s*(?:\$\$(.*)\$\$|\$(.*)\$|\\\[(.*)\\\]|\\\((.*)\\\))\s*", re.DOTALL)
BRACE = re.compile(r"(?<!\\)(?:\\\\)*([{}])")
PLAIN = {"displaymath", "equation", "equation*", "math"}  # environments that only say that a formula stands alone


def mathml(tex: str, *, is_block: bool = False) -> str:
    r"""A formula as MathML.

    >>> mathml("x^2")[-53:]
    '<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'

    Raises
    ------
    Unfit
        When it holds what would be printed as a command.
    """
    from latex2mathml.converter import convert  # hardly any page has a formula

    try:
        made = str(convert(tex, display="block" if is_block else "inline"))
    except Exception as error:  # of several kinds, and an IndexError for some mistakes
        raise _refused(tex) from error
    said = LexborHTMLParser(made, is_fragment=True).text()
    if not _is_balanced(tex) or "\\" in said or "&" in said:
        raise _refused(tex)
    return made


def environment(name: str, body: str) -> str:
    """As `mathml`, of what stands between `\\begin{name}` and `\\end{name}`."""
    return mathml(body if name in PLAIN else rf"\begin{{{name}}}{body}\end{{{name}}}", is_block=True)


def of_output(tex: str) -> str:
    """As `mathml`, of an output with the signs around it with which a notebook marks a formula."""
    found = WHOLE.fullmatch(tex)
    body = next((part for part in found.groups() if part is not None), tex) if found else tex
    named = re.fullmatch(r"\s*\\begin\{([a-z]+\*?)\}(.*)\\end\{\1\}\s*", body, re.DOTALL)
    if named:
        return environment(named[1], named[2])
    return mathml(body.replace(r"\displaystyle", "").strip(), is_block=True)


def _is_balanced(tex: str) -> bool:
    depth = 0
    for brace in BRACE.findall(tex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return not depth


def _refused(tex: str) -> Exception:
    return unfit("formula", tex=short(" ".join(tex.split())))
