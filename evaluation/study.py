"""The formats of a study side by side: ``python -m evaluation.study STUDY``.

STUDY is what ``make study`` fills: ``base`` with the scores of the model before, and for each
format a training with checkpoints, and the scores of some of them in ``scores/STEP``. Written
beside them are ``report.md`` and ``curves.png``.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator
from rich.console import Console

from evaluation.paired import RESAMPLES, compare_rates
from evaluation.results import Results, Row, pass_rates, read_results, score
from pyx_dataset.errors import InputError, PyxError
from pyx_dataset.store import write_text

COLORS = ("#5c6777", "#2f6fb2", "#d0803a", "#3f8f5f", "#8a4fa3")
Scored = tuple[Results, list[Row]]


@dataclass(frozen=True, slots=True)
class Point:
    """A model on the way: the checkpoint of one format after some steps, or the base at 0."""

    format: str
    step: int
    tokens: int
    scores: dict[str, Scored]
    """By benchmark."""


@dataclass(frozen=True, slots=True)
class Side:
    """One format: its scored checkpoints in order, and its loss along the way."""

    format: str
    points: list[Point]
    losses: list[tuple[int, float]]
    """Tokens computed, and the mean loss of the steps before."""

    def at(self, step: int) -> Point:
        """The checkpoint after `step` steps."""
        return next(point for point in self.points if point.step == step)

    def near(self, tokens: int) -> Point:
        """The checkpoint that computed the nearest to `tokens`."""
        return min(self.points, key=lambda point: abs(point.tokens - tokens))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when both files are written, 2 with one sentence if not."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.study", description=__doc__)
    parser.add_argument("study", type=Path, help="the folder of the study")
    study: Path = parser.parse_args(argv).study
    try:
        base, sides = read_study(study)
        write_text(study / "report.md", report(base, sides))
        draw(base, sides, study / "curves.png")
    except PyxError as exc:
        Console(stderr=True, markup=False, soft_wrap=True).print(f"error: {exc}")
        return 2
    print(f"wrote {study / 'report.md'} and {study / 'curves.png'}")
    return 0


def read_study(study: Path) -> tuple[Point, list[Side]]:
    """
    The base and each format, in the order of their tokens a step.

    Raises:
        InputError: something is missing, or the same benchmark was scored on other tasks.
    """
    base = Point("base", 0, 0, _scores(study / "base"))
    folders = sorted(path.parent for path in study.glob("*/scores"))
    if not folders:
        raise InputError(f"{study} holds no scored format; run: make study")
    sides = sorted(map(_side, folders), key=lambda side: side.losses[0][0])
    for point in (point for side in sides for point in side.points):
        if point.scores.keys() != base.scores.keys():
            raise InputError(
                f"{point.format} after {point.step} steps was scored on "
                f"{', '.join(point.scores)}; the base on {', '.join(base.scores)}"
            )
        for name, (results, _) in point.scores.items():
            if results.data_digest != base.scores[name][0].data_digest:
                raise InputError(
                    f"{point.format} after {point.step} steps was scored on other tasks of {name}"
                )
    return base, sides


def _side(folder: Path) -> Side:
    steps = sorted(int(path.name) for path in (folder / "scores").iterdir())
    states = {step: _state(folder / f"checkpoint-{step}") for step in steps}
    points = [
        Point(
            format=folder.name,
            step=step,
            tokens=state["num_input_tokens_seen"],
            scores=_scores(folder / "scores" / str(step)),
        )
        for step, state in states.items()
    ]
    history = states[steps[-1]]["log_history"]
    losses = [(line["num_input_tokens_seen"], line["loss"]) for line in history if "loss" in line]
    return Side(folder.name, points, losses)


def _state(checkpoint: Path) -> dict[str, Any]:
    path = checkpoint / "trainer_state.json"
    try:
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InputError(f"{path} is gone, from which there are scores") from exc
    return state


def _scores(run: Path) -> dict[str, Scored]:
    return {results.benchmark: (results, rows) for results, rows in read_results(run)}


def common_step(sides: Sequence[Side]) -> int | None:
    """The last step at which every format was scored, if there is one."""
    steps = set.intersection(*({point.step for point in side.points} for side in sides))
    return max(steps, default=None)


def report(base: Point, sides: Sequence[Side]) -> str:
    """The tables of the study, as Markdown."""
    step = common_step(sides)
    tokens = min(side.points[-1].tokens for side in sides)
    alike = [side.near(tokens) for side in sides]
    low, high = min(point.tokens for point in alike), max(point.tokens for point in alike)
    arms = {f"about as many tokens ({low:,} to {high:,})": alike}
    lines = []
    if step is None:
        lines += ["No number of steps was scored for every format.", ""]
    else:
        arms = {f"as many steps ({step})": [side.at(step) for side in sides], **arms}
    points = [point for side in sides for point in side.points]
    for name in base.scores:
        lines += [f"## {name}", "", *_against_base(name, base, points), ""]
        for title, arm in arms.items():
            lines += [f"Between formats, {title}:", "", *_between(name, arm), ""]
    lines += [
        "± is one standard error, clustered by program; differences are paired by task. "
        f"95 % is the interval of {RESAMPLES} bootstrap draws of whole programs; p is that of "
        "McNemar's exact test, which takes tasks to be independent. 'Not trivial' are the tasks "
        "that all trivial answers get wrong."
    ]
    return "\n".join(lines) + "\n"


def _against_base(name: str, base: Point, points: Sequence[Point]) -> Iterator[str]:
    results, rows = base.scores[name]
    yield (
        "| format | steps | tokens | right % | not trivial % | against base | 95 % | p "
        "| tokens an answer | cut |"
    )
    yield "| --- |" + " ---: |" * 9
    yield _row(base, name, ("", "", ""))
    for baseline, found in results.baselines.items():
        yield f"| {baseline} | | | {found.text()} | | | | | | |"
    for point in points:
        yield _row(point, name, compare_rates(rows, point.scores[name][1]).cells())
    hard = sum(not row.trivial for row in rows)
    total = results.total
    yield ""
    yield f"n = {total.n}, {total.clusters} programs; {100 * hard / len(rows):.1f} % not trivial."


def _row(point: Point, name: str, against: tuple[str, str, str]) -> str:
    results, rows = point.scores[name]
    hard = [row for row in rows if not row.trivial]
    cells = (
        f"{point.format}, {results.prompt}" if point.step == 0 else point.format,
        str(point.step),
        f"{point.tokens:,}",
        results.total.text(),
        score(*pass_rates(hard)).text() if hard else "",
        *against,
        f"{results.tokens:.0f}",
        str(results.cut),
    )
    return f"| {' | '.join(cells)} |"


def _between(name: str, points: Sequence[Point]) -> Iterator[str]:
    yield "| | difference | 95 % | p |"
    yield "| --- | ---: | ---: | ---: |"
    for left, right in combinations(points, 2):
        gain = compare_rates(left.scores[name][1], right.scores[name][1])
        yield f"| {left.format} → {right.format} | {' | '.join(gain.cells())} |"


def draw(base: Point, sides: Sequence[Side], path: Path) -> None:
    """Write the learning curves: loss, then the score on each benchmark, against tokens."""
    panels = 1 + len(base.scores)
    figure = Figure(figsize=(4.2 * panels, 3.6), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, panels, squeeze=False)[0]
    for side, color in zip(sides, COLORS, strict=False):
        tokens, losses = zip(*side.losses, strict=True)
        axes[0].plot(tokens, losses, color=color, linewidth=1, label=side.format)
        for place, name in zip(axes[1:], base.scores, strict=True):
            _curve(place, name, [base, *side.points], color)
    axes[0].set_title("loss in training", fontsize=10)
    axes[0].legend(frameon=False, fontsize=8)
    for place, (name, (results, _)) in zip(axes[1:], base.scores.items(), strict=True):
        best = max(found.score for found in results.baselines.values())
        place.axhline(100 * best, color="black", linewidth=0.8, linestyle=":")
        place.set_title(f"{name}, % right (dotted: best trivial answer)", fontsize=10)
        place.set_ylim(bottom=0)
    for place in axes:
        place.set_xlabel("tokens computed")
        place.xaxis.set_major_locator(MaxNLocator(4))
        place.xaxis.set_major_formatter(EngFormatter(sep=""))
        for edge in ("top", "right"):
            place.spines[edge].set_visible(False)
    figure.savefig(path, format="png", metadata={"Software": None})


def _curve(axes: Axes, name: str, points: Sequence[Point], color: str) -> None:
    totals = [point.scores[name][0].total for point in points]
    axes.errorbar(
        [point.tokens for point in points],
        [100 * total.score for total in totals],
        yerr=[100 * (total.stderr or 0) for total in totals],
        color=color,
        linewidth=1.2,
        elinewidth=0.8,
        capsize=2,
    )


if __name__ == "__main__":
    sys.exit(main())
