"""Five million conversations of 342 municipalities through intake and measures, beside what duckdb takes.

    python benchmarks/large.py [--rows 5000000] [--repeats 5] [--all]
    python benchmarks/large.py --against 372dfae [--repeats 5]

The second form times intake alone (read, check, store, load) beside that of another commit of this repository, checked
out in a folder of its own and run by this Python.

mp-eval does everything that a run does before its pages: read, hash, check for persons, give each cell its type, find
rows delivered twice and residents that nobody knows, order, store, load, and measure reach and activation (with
`--all` everything that can be measured of these tables). It does so for all four files of the delivery. The delivery
is made first, from a seed: a preamble, semicolons, dd-mm-jjjj, categories in several spellings, blanks around a cell,
rows delivered twice and a row with the total.

duckdb is asked of the conversations' file alone to read every column of every row, parse the date, keep that as a
typed table, and count it: rows by kind and month, distinct residents by kind and of all. It is told where the header
ends and what the columns are, so that it need not look for that. It checks nothing and stores nothing.

Both have two threads and a fresh process each time, and take turns. Seconds are of the work, without the start of the
process and its imports, which `process` includes; `cpu` is of all threads, and does not depend on what else the machine
does. Memory is the most that the process ever had resident.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = 342
ALL = "MP_EVAL_ALL_MEASURES"  # for the processes that are measured
FILE = "data/raw/2024/gesprekken.csv"
PREAMBLE = ["Selectie: Maatschappelijke Participatie", "Uitgedraaid op: 01-02-2025", ""]
SETTINGS = '[municipality]\nname = "342 gemeenten"\n\n[[periods]]\nid = "2024"\nstart = 2024-01-01\nend = 2025-01-01\n'
SOURCE = 'producer = "verzonnen"\nextracted = 2025-02-01\nsynthetic = true\n'
KINDS = {
    "voortgangsgesprek": 0.50, "Voortgangsgesprek": 0.18, "voortgang": 0.09, " voortgangsgesprek": 0.01,
    "eerste gesprek": 0.08, "Eerste gesprek": 0.04, "intake": 0.04, "afsluitend gesprek": 0.04, "Eindgesprek": 0.02,
}  # fmt: skip


def make(folder: Path, *, rows: int, seed: int) -> None:
    """A workspace with one delivery: `rows` conversations, and 80 residents, 50 starts, 16 trajectories to 1000."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(seed)
    letters = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype="S1")
    count = max(1, rows * 80 // 1000)
    drawn = letters[random.integers(0, 32, (count, 16))].view("S16").ravel().astype("str")
    people = pd.Series(np.char.add("p", drawn))
    places = pd.Series([f"GM{n:04}" for n in range(1, 343)])
    days = pd.Series(pd.date_range("2014-01-01", "2024-12-31").strftime("%d-%m-%Y"))
    this_year = days.index[-366:]

    def some(words: dict[str, float], size: int) -> pd.Series:
        return pd.Series(list(words)).take(random.choice(len(words), size, p=list(words.values())))

    def write(name: str, header: str, *columns: pd.Series, above: list[str] | None = None, total: str = "") -> None:
        table = pd.DataFrame({n: column.to_numpy() for n, column in enumerate(columns)})
        with (folder / "data/raw/2024" / name).open("w", encoding="utf-8-sig", newline="") as file:
            file.write("".join(f"{line}\r\n" for line in [*(above or ()), header]))
            table.to_csv(file, sep=";", header=False, index=False, lineterminator="\r\n")
            file.write(total)

    (folder / "data/raw/2024").mkdir(parents=True)
    (folder / "evaluation.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "data/raw/2024/source.toml").write_text(SOURCE, encoding="utf-8")
    twice = rows // 1000
    who = random.integers(0, count, rows - twice)
    when = np.sort(random.choice(this_year, rows - twice))
    talks = [people.take(who), places.take(who % 342), days.take(when), some(KINDS, rows - twice)]
    again = random.integers(0, rows - twice, twice)
    talks = [pd.concat([column, column.iloc[again]]) for column in talks]
    header = "Inwonernummer;Gemeente;Gespreksdatum;Soort"
    write("gesprekken.csv", header, *talks, above=PREAMBLE, total=f"Totaal;;;{rows}\r\n")
    since = days.take(random.integers(0, len(days) - 366, count))
    write(
        "inwoners.csv",
        "Inwoner;Begin uitkering;Geboortejaar;Geslacht;Leefvorm;Trede",
        people,
        since,
        pd.Series(random.integers(1958, 2006, count)),
        some({"man": 0.45, "vrouw": 0.5, "V": 0.05}, count),
        some({"alleenstaande": 0.6, "Alleenstaande ouder": 0.25, "gehuwd": 0.15}, count),
        pd.Series(random.integers(1, 7, count)),
    )
    starts = rows * 50 // 1000
    write(
        "activiteiten.csv",
        "Inwoner;Activiteit;Begindatum;Was al actief;Uren per week",
        people.take(random.permutation(count)[:starts]),
        some({"mantelzorg": 0.3, "Vrijwilligerswerk": 0.4, "dagbesteding": 0.2, "": 0.1}, starts),
        days.take(random.choice(this_year, starts)),
        some({"nee": 0.8, "Ja": 0.15, "": 0.05}, starts),
        pd.Series(random.integers(1, 24, starts)),
    )
    instruments = rows * 16 // 1000
    write(
        "trajecten.csv",
        "Inwoner;Aanbieder;Begindatum;Kosten",
        people.take(random.permutation(count)[:instruments]),
        some({"Traject Een (verzonnen)": 0.5, "De Werkbrug (verzonnen)": 0.5}, instruments),
        days.take(random.choice(this_year, instruments)),
        pd.Series(random.integers(500, 5000, instruments)).astype("str") + ",50",
    )


def evaluate(folder: Path) -> Callable[[], int]:
    """Intake, store, load and measures; gives the conversations that were kept."""
    from mp_eval import workspace as places
    from mp_eval.intake import clean, contract
    from mp_eval.measures import Scope, _numbered, activation, measure, reach
    from mp_eval.tidy import table

    def work() -> int:
        workspace = places.find(folder)
        period = workspace.period("2024")
        clean.store(clean.take_in(workspace, contract.read(workspace), period), workspace)
        delivery = clean.load(workspace, period)
        scope = Scope(period.key, (period,), delivery.source.extracted)
        if os.environ.get(ALL):
            measured = measure(delivery.tables, scope)
        else:
            tables = _numbered(delivery.tables)
            measured = table([*reach.measure(tables, scope), *activation.measure(tables, scope)])
        return int(measured.query("measure == 'conversations' and breakdown == ''")["value"].iloc[0])

    return work


def take_in(folder: Path) -> Callable[[], int]:
    """Intake, store and load; gives the conversations that were kept."""
    from mp_eval import workspace as places
    from mp_eval.intake import clean, contract

    def work() -> int:
        workspace = places.find(folder)
        period = workspace.period("2024")
        clean.store(clean.take_in(workspace, contract.read(workspace), period), workspace)
        return len(clean.load(workspace, period).tables["conversations"])

    return work


def count_in_duckdb(folder: Path) -> Callable[[], int]:
    """Read, type and count the conversations' file; gives the rows."""
    import duckdb

    header = len(PREAMBLE) + 1
    columns = dict.fromkeys(("resident", "place", "date", "kind"), "VARCHAR")
    read = f"read_csv('{folder / FILE}', delim=';', skip={header}, header=false, columns={columns}, auto_detect=false)"

    def work() -> int:
        database = duckdb.connect(config={"threads": 2})
        database.execute(
            "create table talks as select resident, place, strptime(date, '%d-%m-%Y')::date as date, "
            f"lower(trim(kind)) as kind from {read} where date <> ''"
        )
        database.execute("select kind, month(date), count(*) from talks group by all").fetchall()
        database.execute("select kind, count(distinct resident) from talks group by all").fetchall()
        rows, _ = database.execute("select count(*), count(distinct resident) from talks").fetchall()[0]
        return int(rows)

    return work


WORKERS = {"mp-eval": evaluate, "duckdb": count_in_duckdb, "intake": take_in}


def timed(prepare: Callable[[Path], Callable[[], int]], folder: Path) -> dict[str, float]:
    """What the work took in this process: seconds, and the most memory in MB."""
    import resource

    work = prepare(folder)
    started, before = time.perf_counter(), time.process_time()
    rows = work()
    seconds, cpu = time.perf_counter() - started, time.process_time() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "cpu": cpu, "mb": most, "rows": rows}


def fresh(who: str, folder: Path, tree: Path) -> dict[str, float]:
    """The same, in a process of its own, with the code of a tree."""
    started = time.perf_counter()
    words = [sys.executable, str(Path(__file__).resolve()), "--worker", who, "--folder", str(folder)]
    words += ["--tree", str(tree)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return {**json.loads(done.stdout), "process": time.perf_counter() - started}


def main() -> None:
    options = argparse.ArgumentParser(description="Large registers: mp-eval beside duckdb.")
    options.add_argument("--rows", type=int, default=5_000_000)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--folder", type=Path)
    options.add_argument("--all", action="store_true")
    options.add_argument("--worker", choices=[*WORKERS, "make"])
    options.add_argument("--against", metavar="COMMIT")
    options.add_argument("--tree", type=Path, default=ROOT)
    given = options.parse_args()
    sys.path.insert(0, str(given.tree))
    if given.worker == "make":
        return make(given.folder, rows=given.rows, seed=SEED)
    if given.worker:
        return print(json.dumps(timed(WORKERS[given.worker], given.folder)))
    os.environ[ALL] = "1" if given.all else ""
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "large"
        if not folder.exists():
            made = [sys.executable, __file__, "--worker", "make", "--folder", str(folder), "--rows", str(given.rows)]
            subprocess.run(made, check=True)
        size = (folder / FILE).stat().st_size / 1e6
        print(f"{given.rows:,} conversations, {size:.0f} MB; {given.repeats} times each, in turn")
        with compared(given.against, Path(temporary) / "other") as runs:
            taken: dict[str, list[dict[str, float]]] = {name: [] for name in runs}
            for _ in range(given.repeats):
                for name, (who, tree) in runs.items():
                    taken[name].append(fresh(who, folder, tree))
    report(taken)


@contextmanager
def compared(commit: str | None, other: Path) -> Iterator[dict[str, tuple[str, Path]]]:
    """What takes turns: the name of each, the work, and the tree whose code does it."""
    if not commit:
        yield {who: (who, ROOT) for who in ("mp-eval", "duckdb")}
        return
    from against import checked_out

    with checked_out(commit, other) as tree:
        yield {commit: ("intake", tree), "this tree": ("intake", ROOT)}


def report(taken: dict[str, list[dict[str, float]]]) -> None:
    print(f"{'':10}{'median s':>10}{'least s':>10}{'cpu s':>10}{'process s':>11}{'most MB':>10}{'rows':>12}")
    for who, times in taken.items():
        seconds, cpu, process = ([t[name] for t in times] for name in ("seconds", "cpu", "process"))
        most, rows = max(t["mb"] for t in times), times[0]["rows"]
        middle = f"{statistics.median(cpu):10.2f}{statistics.median(process):11.2f}"
        print(f"{who:10}{statistics.median(seconds):10.2f}{min(seconds):10.2f}{middle}{most:10.0f}{rows:12,}")
    for name in ("seconds", "cpu", "process"):
        ours, theirs = ([t[name] for t in times] for times in taken.values())
        pairs = [a / b for a, b in zip(ours, theirs, strict=True)]
        spread = f"{min(pairs):.2f} to {max(pairs):.2f}; least over least {min(ours) / min(theirs):.2f}"
        print(f"ratio of {name}: {statistics.median(pairs):.2f} (median of pairs; {spread})")


if __name__ == "__main__":
    main()
