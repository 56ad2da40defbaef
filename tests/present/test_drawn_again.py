"""A drawing that is read back, and set as a picture that stands alone."""

from __future__ import annotations

import pytest
from drawn import misplaced, size, texts

from mp_eval.present.drawing import again, paint
from mp_eval.present.drawing.shapes import BLUE, INK, Area, Dot, Shape, Sheet, Stroke, Words, box

SHAPES = (
    Stroke(((0.0, 1.5), (20.0, 30.25)), INK, 1.5, (4.0, 3.0)),
    Stroke(((0.0, 0.0), (5.0, 5.0), (9.0, 1.0)), BLUE),
    Area(box(1.0, 2.0, 3.0, 4.0), BLUE, 0.25),
    Area(box(1.0, 2.0, 3.0, 4.0), INK),
    Dot(40.0, 20.0, 3.0, BLUE),
    Words(10.0, 20.0, "Café ‘t & <Hof>", INK, 11.0, is_bold=True),
    Words(10.0, 40.0, "1.203", BLUE, 10.0),
)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_what_is_read_back_is_what_was_drawn(shape: Shape) -> None:
    made = paint.svg(Sheet(100.0, 50.0, (shape,)))
    assert again.read(made) == Sheet(100.0, 50.0, (shape,))
    assert paint.svg(again.read(made)) == made


def test_what_is_no_drawing_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="no drawing of ours"):
        again.read(b"<svg/>")


def test_all_texts_of_a_picture_that_stands_alone_are_within_it() -> None:
    long_ = "Van wie in deze tijd voor het eerst is gesproken, was of werd het grootste deel binnen een jaar actief."
    made = again.alone(Sheet(200.0, 80.0, SHAPES), title=long_, below=[long_, long_], marks=["Verzonnen gegevens."])
    picture = paint.plain(made)
    told = [found for found in texts(picture) if found[0] not in ("Café ‘t & <Hof>", "1.203")]
    assert misplaced(told, *size(picture)) == []
    assert " ".join(text for text, _ in told) == f"{long_} {long_} {long_} Verzonnen gegevens."
