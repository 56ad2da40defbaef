"""Drawings: every text can be read at every size, and the same chart is the same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from drawn import misplaced, size, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.textpath import TextPath
from PIL import Image

from mp_eval.present.drawing import letters, paint
from mp_eval.present.drawing.axes import scale
from mp_eval.present.drawing.bar_charts import bars, columns
from mp_eval.present.drawing.grid_charts import Square, grid
from mp_eval.present.drawing.line_charts import DOTTED, Line, lines
from mp_eval.present.drawing.paint import DARK, Drawing
from mp_eval.present.drawing.point_charts import Interval, intervals
from mp_eval.present.drawing.shapes import BLUE, GREY, ORANGE, Area, Sheet, Stroke, Words
from mp_eval.present.drawing.sheets import HIDDEN_WIDTH, stacked
from mp_eval.present.wording import number, percent
from mp_eval.workspace import Workspace

NAN = math.nan
LABELS = ["Mantelzorg", "Vrijwilligerswerk bij een vereniging", "Dagbesteding", "Traject naar werk", "Zelf geregeld"]
NAMES = st.lists(st.text("aeinrstM W-", min_size=1, max_size=70).filter(str.strip), min_size=1, max_size=7)
COUNTS = st.one_of(st.just(NAN), st.integers(0, 9_999_999).map(float))
SHARES = st.floats(0, 1).map(lambda share: round(share, 4))


def unreadable(drawing: Drawing) -> list[str]:
    """On the page and on the phone; that texts are painted where they were laid out is a test of its own."""
    found = []
    for sheet in (drawing.wide, drawing.phone):
        words = [(shape.text, shape.box) for shape in sheet.shapes if isinstance(shape, Words)]
        found += misplaced(words, sheet.width, sheet.height)
    return found


def said(drawing: Drawing) -> set[str]:
    return {text for text, _ in texts(drawing.svg)}


def test_a_number_is_written_in_full_behind_the_longest_bar() -> None:
    drawing = bars(LABELS, [1203, 322, 51, NAN, 77])
    assert ("1.203" in said(drawing), unreadable(drawing)) == (True, [])


@settings(max_examples=20)
@given(NAMES, st.data())
def test_lying_bars_can_be_read(names: list[str], data: st.DataObject) -> None:
    values = data.draw(st.lists(COUNTS, min_size=len(names), max_size=len(names)))
    assert unreadable(bars(names, values)) == []


@settings(max_examples=20)
@given(st.lists(COUNTS, min_size=1, max_size=30), st.floats(0, 9e6))
def test_standing_bars_can_be_read(values: list[float], mean: float) -> None:
    ticks = [(n, f"jan\n{2000 + n}") for n in range(0, len(values), 3)]
    assert unreadable(columns(values, ticks=ticks, level=(mean, f"gemiddeld {number(mean, 1)}"))) == []


@settings(max_examples=20)
@given(NAMES, st.lists(st.tuples(st.integers(0, 30).map(float), NAMES.map("\n".join)), max_size=3), st.data())
def test_lines_can_be_read(names: list[str], marks: list[tuple[float, str]], data: st.DataObject) -> None:
    values = st.lists(st.integers(0, 9_999_999).map(float), min_size=6, max_size=6)
    series = [Line(name, range(0, 31, 6), data.draw(values), low=[0.0] * 6, high=[9e6] * 6) for name in names]
    series.append(Line("", range(0, 31, 6), data.draw(values), said=[number(v * 1e5) for v in range(6)]))
    ticks = [(x, f"januari {2000 + x}") for x in range(31)]
    assert unreadable(lines(series, ticks=ticks, marks=marks, x_label=names[0])) == []


@settings(max_examples=20)
@given(NAMES, SHARES, st.data())
def test_points_can_be_read(names: list[str], claim: float, data: st.DataObject) -> None:
    values = [data.draw(st.one_of(st.just(NAN), SHARES)) for _ in names]
    rows = [Interval(n, v, v * 0.8, v * 1.2, is_hidden=math.isnan(v)) for n, v in zip(names, values, strict=True)]
    claims = [(claim, f"gepubliceerd: {percent(claim, 0)}"), (claim / 2, "in een eerdere voortgangsnotitie")]
    assert unreadable(intervals(rows, claims=claims, shown=percent, scaled=percent, least=0.01)) == []


@settings(max_examples=20)
@given(st.lists(st.lists(COUNTS, min_size=6, max_size=6), min_size=6, max_size=6))
def test_a_raster_can_be_read(counts: list[list[float]]) -> None:
    rows = [[Square(value, BLUE) for value in row] for row in counts]
    assert unreadable(grid(rows, labels=list("123456"), down="Eerste trede", across="Laatste trede")) == []


@pytest.mark.parametrize("is_bold", [False, True])
def test_a_text_is_as_wide_as_matplotlib_traces_it(is_bold: bool) -> None:
    for text in ("Vrijwilligerswerk bij een vereniging", "1.234.567", "28,6%", "Beëindiging", "WWW", "iii"):
        traced = TextPath((0, 0), text, size=11, prop=letters.font(is_bold=is_bold))
        assert letters.width_of(text, is_bold=is_bold) == pytest.approx(traced.get_extents().x1, rel=0.01, abs=1.2)


@settings(max_examples=20)
@given(st.text("abcdefghij klmno", max_size=90), st.floats(20, 200))
def test_breaking_keeps_every_letter_and_no_line_is_too_wide(text: str, room: float) -> None:
    lines = letters.broken(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(letters.width_of(line) <= room for line in lines)


@settings(max_examples=20)
@given(st.floats(0, 1e7), st.sampled_from([1.0, 0.01]))
def test_a_scale_holds_the_highest_value_and_says_each_step_truly(highest: float, least: float) -> None:
    values = scale(highest, least=least)
    assert (values[0], len(values) <= 7, values[-1] >= highest or math.isclose(values[-1], highest)) == (0, True, True)
    assert all(math.isclose(v / least, round(v / least), abs_tol=1e-6) for v in values)


def test_a_text_is_a_text_and_no_formula() -> None:
    assert said(bars(["Zorg & $Zo$ <b>", "B"], [1, 2])) >= {"Zorg & $Zo$ <b>", "B", "1", "2"}


def test_the_mark_of_what_is_hidden_has_one_length() -> None:
    """Whatever the others are, it is told apart from a bar and tells nothing."""
    shapes = bars(["a", "b"], [NAN, 100]).wide.shapes
    mark, bar = (
        max(x for x, _ in s.points) - min(x for x, _ in s.points)
        for s in (next(s for s in shapes if isinstance(s, Stroke)), next(s for s in shapes if isinstance(s, Area)))
    )
    assert mark + 0.5 == pytest.approx(bar * HIDDEN_WIDTH)


def test_lengths_of_bars_are_as_their_values() -> None:
    one, other = (s for s in bars(["a", "b"], [30, 120]).wide.shapes if isinstance(s, Area))
    wide = [s.points[1][0] - s.points[0][0] for s in (one, other)]
    assert wide[1] / wide[0] == pytest.approx(4)


def test_a_line_stops_where_a_point_is_missing() -> None:
    drawing = lines([Line("a", range(5), [1, 2, NAN, 4, 5])], ticks=[(0, "0")])
    traced = [s for s in drawing.wide.shapes if isinstance(s, Stroke) and s.width == 2.2]
    assert [len(s.points) for s in traced] == [2, 2]


def test_marks_on_one_day_are_words_below_each_other() -> None:
    drawing = lines([Line("a", [0, 9], [1, 2])], marks=[(4, "einde van het geld\ngedoogjaar"), (4, "de wet")])
    places = [box for text, box in texts(drawing.svg) if text in ("einde van het geld", "gedoogjaar", "de wet")]
    assert (len(places), len({left for left, *_ in places}), unreadable(drawing)) == (3, 1, [])


def test_texts_are_painted_where_they_were_laid_out() -> None:
    """Read back from the SVG, with the height of letters that this test knows by itself."""
    for drawing in (draw() for draw in EVERY.values()):
        for svg, sheet in ((drawing.svg, drawing.wide), (drawing.narrow, drawing.phone)):
            words = [shape for shape in sheet.shapes if isinstance(shape, Words)]
            assert [(text, box[0]) for text, box in texts(svg)] == [(w.text, round(w.left, 2)) for w in words]
            assert misplaced(texts(svg), *size(svg)) == []


@pytest.mark.slow
def test_every_text_of_every_figure_of_a_release_can_be_read(released: Workspace) -> None:
    pages = [path.read_text(encoding="utf-8") for path in released.output.rglob("*.html")]
    drawings = {svg for page in pages for svg in re.findall(r'="data:image/svg\+xml;base64,([^"]+)"', page)}
    read = [base64.b64decode(drawing) for drawing in sorted(drawings)]
    assert len(read) > 50
    assert [fault for svg in read for fault in misplaced(texts(svg), *size(svg))] == []


EVERY: dict[str, Callable[[], Drawing]] = {
    "bars": lambda: bars(LABELS, [1203, 322, 51, NAN, 77]),
    "columns": lambda: columns([3, NAN, 12], ticks=[(0, "jan")], level=(5, "gemiddeld")),
    "lines": lambda: lines([Line("a", [0, 1], [1, 2], ORANGE, (5, 2), [0, 1], [2, 3], 2, "square")], marks=[(1, "b")]),
    "intervals": lambda: intervals([Interval("a", 0.3, 0.2, 0.4)], claims=[(0.5, "b")], least=0.01),
    "grid": lambda: grid([[Square(3, GREY, is_framed=True)]], labels=["1"], down="a", across="b"),
}


@pytest.mark.parametrize("draw", EVERY.values(), ids=EVERY)
def test_every_colour_has_one_for_a_dark_page(draw: Callable[[], Drawing]) -> None:
    drawing = draw()
    assert {shape.colour for shape in drawing.wide.shapes} <= set(DARK)
    assert all(DARK[shape.colour].encode() in drawing.svg for shape in drawing.wide.shapes)


def test_the_bytes_are_the_same_in_another_process_and_whatever_is_set_there(tmp_path: Path) -> None:
    settings = "font.size: 30\ntext.hinting: force_autohint\npath.sketch: 5, 50, 2\npath.simplify_threshold: 1.0\n"
    (tmp_path / "matplotlibrc").write_text(settings, encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_drawing as t; print(t.digests())"
    )
    environment = {**os.environ, "MATPLOTLIBRC": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == digests()


def digests() -> str:
    drawn = [draw() for draw in EVERY.values()]
    made = b"".join(d.svg + d.narrow + d.png for d in drawn)
    return hashlib.sha256(made).hexdigest()


def test_dots_show_what_lines_show() -> None:
    """A square in the middle: the same place, the same colour, on white."""
    sheet = Sheet(72, 72, (Area(((18, 18), (54, 18), (54, 54), (18, 54)), BLUE),))
    dots = np.asarray(Image.open(io.BytesIO(paint.png(sheet))).convert("RGB"))
    is_blue = (dots == [int(BLUE[n : n + 2], 16) for n in (1, 3, 5)]).all(axis=2)
    rows, places = np.nonzero(is_blue)
    assert dots.shape == (200, 200, 3)
    assert (rows.min(), rows.max(), places.min(), places.max()) == (50, 149, 50, 149)
    assert (dots[~is_blue] == 255).all()


def test_words_in_dots_stay_within_the_width_they_were_given() -> None:
    words = Words(4, 20, "wachten op een plaats 1.234.567", is_bold=True)
    dots = np.asarray(Image.open(io.BytesIO(paint.png(Sheet(300, 30, (words,))))).convert("L"))
    places = np.nonzero((dots < 200).any(axis=0))[0] / (paint.DOTS / paint.POINTS)
    assert 4 <= places.min() < places.max() <= words.box[2] + 0.5


def test_what_rests_on_few_is_a_thin_line_from_where_it_does() -> None:
    made = lines([Line("a", [0, 6, 12, 18], [0, 0.2, 0.3, 0.3], unsure_from=12)], least=0.01)
    strokes = [shape for shape in made.wide.shapes if isinstance(shape, Stroke) and shape.colour == BLUE]
    assert [(len(s.points), s.dashes) for s in strokes if s.width != 0.8] == [(3, ()), (2, DOTTED)]


def test_charts_below_each_other_keep_one_scale_and_lie_over_nothing() -> None:
    several = [(f"{n} consulenten", lines([Line("wachten", [0, 1], [0, n])], highest=500)) for n in (3, 480)]
    made = stacked(several)
    assert unreadable(made) == []
    assert made.wide.height > sum(chart.wide.height for _, chart in several)
    assert [text for text, _ in texts(made.svg)].count("500") == 2
