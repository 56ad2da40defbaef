"""The page *Begrippen*: what the words and signs of the site mean."""

from __future__ import annotations

from ..evaluation import Evaluation
from ..present.definitions import chapters
from .frame import Frame, Link, render

INTRO = (
    "Een getal zegt pas iets als duidelijk is wat is geteld, van wie en tot wanneer. Hier staat wat de woorden en "
    "tekens op de andere pagina’s, in de werkboeken en in de gegevensbestanden betekenen."
)


def page(evaluation: Evaluation, frame: Frame) -> str:
    """Every term that the figures of this evaluation use."""
    found = chapters(evaluation.measures)
    contents = [Link(chapter.title, f"#{chapter.id}") for chapter in found]
    return render("definitions.html.j2", frame, intro=INTRO, chapters=found, contents=contents)
