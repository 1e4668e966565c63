"""Pictures for the card, made from the build's record alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_INK, _SOFT = "#1c2430", "#5c6777"
_FIRST, _SECOND, _THIRD = "#2f6fb2", "#d0803a", "#3f8f5f"


def plots(record: dict[str, Any]) -> Iterator[tuple[str, str, Figure]]:
    """File name, caption and picture: lengths, steps, sources, what was dropped."""
    spreads = record["spreads"]
    figure, axes = _empty("words", "monologues")
    for name, color in (("forward", _FIRST), ("backward", _SECOND), ("debug", _THIRD)):
        _histogram(axes, spreads[f"words, {name}"], name, color)
    axes.legend(frameon=False)
    yield "words.png", "How long the monologues are.", figure
    figure, axes = _empty("steps of a trace", "executions")
    _histogram(axes, spreads["steps"], "steps", _FIRST)
    yield "steps.png", "How long the executions are.", figure
    programs = {name: source["programs"] for name, source in record["sources"].items()}
    yield "sources.png", "Where the programs come from.", _bars(programs, "programs")
    dropped = {
        f"{stage}: {reason}": count
        for stage, reasons in record["rejected"].items()
        for reason, count in reasons.items()
    }
    yield "dropped.png", "What was dropped, by stage and reason.", _bars(dropped, "records")


def draw(record: dict[str, Any], folder: Path) -> None:
    """Write each picture to `folder`; the same record gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, _, figure in plots(record):
        # Without the name and version of the program that drew it.
        FigureCanvasAgg(figure)
        figure.savefig(folder / name, format="png", metadata={"Software": None})


def _empty(across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 3.2), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(across, color=_SOFT)
    axes.set_ylabel(up, color=_SOFT)
    _plain(axes)
    return figure, axes


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=9)


def _histogram(axes: Axes, spread: dict[str, Any], name: str, color: str) -> None:
    bins = spread.get("bins", {})
    axes.bar([int(start) for start in bins], list(bins.values()), width=spread.get("bin", 1),
             align="edge", label=name, color=color, alpha=0.55)  # fmt: skip


def _bars(counts: dict[str, int], across: str) -> Figure:
    """The largest on top."""
    names = sorted(counts, key=lambda name: (counts[name], name))
    figure = Figure(figsize=(7, 0.8 + 0.26 * len(names)), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    axes.barh(names, [counts[name] for name in names], color=_FIRST, alpha=0.75)
    axes.set_xlabel(across, color=_SOFT)
    for row, name in enumerate(names):
        axes.annotate(f" {counts[name]:,}", (counts[name], row), va="center", fontsize=8)
    _plain(axes)
    return figure
