"""What a build holds, in numbers for its record; the card and its pictures are made from them."""

from collections import Counter
from statistics import fmean
from typing import Any

from pyx_dataset.schema import Bundle, Outcome

_BINS = {"words, forward": 25, "words, backward": 25, "words, debug": 25, "steps": 10}
"""What is spread out, and how wide a bin of it is."""
_MEANS = (
    "lines reached, share",
    "branches taken, share",
    "calls",
    "different values returned",
    "calls that raise",
)
_ISOLATION = ("weak", "no-files", "strong")


class Summary:
    """Takes bundles one by one; holds a few numbers of each."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._measures: list[tuple[float, float, int, int, int]] = []
        self._sizes: dict[str, Counter[int]] = {name: Counter() for name in _BINS}
        self._sources: dict[str, dict[str, Any]] = {}
        self._isolation: set[str] = set()

    def add(self, bundle: Bundle) -> None:
        """Count `bundle` in."""
        source = bundle.program.seed.source
        entry = self._sources.setdefault(
            source.distribution,
            {"version": source.version, "license": source.license, "programs": 0},
        )
        entry["programs"] += 1
        self._isolation.add(bundle.isolation)
        traces = [item.trace for item in bundle.executions]
        self._outcomes.update(trace.outcome.value for trace in traces)
        values = {trace.value for trace in traces if trace.outcome is Outcome.RETURNED}
        raising = sum(trace.outcome is Outcome.RAISED for trace in traces)
        measures = bundle.coverage, bundle.branch_coverage, len(traces), len(values), raising
        self._measures.append(measures)
        self._sizes["steps"].update(len(trace.steps) for trace in traces)
        texts = {
            "words, forward": [told.monologue.text for told in bundle.forward],
            "words, backward": [told.monologue.text for told in bundle.backward],
            "words, debug": [bug.rationale.text for bug in bundle.debugged],
        }
        for name, found in texts.items():
            self._sizes[name].update(len(text.split()) for text in found)

    def numbers(self) -> dict[str, Any]:
        """
        The weakest isolation, programs by source, executions by outcome, means over programs, and
        how sizes are spread.

        A spread has ``n``, ``min``, ``p10``, ``median``, ``p90``, ``max`` and ``bins``: from where
        a bin begins to how many are in it, each ``bin`` wide. Only ``n`` where there is nothing.
        """
        means = (fmean(column) for column in zip(*self._measures, strict=True))
        return {
            "isolation": min(self._isolation, key=_ISOLATION.index, default=""),
            "sources": dict(sorted(self._sources.items())),
            "outcomes": dict(sorted(self._outcomes.items())),
            "reach": {name: round(mean, 4) for name, mean in zip(_MEANS, means, strict=False)},
            "spreads": {name: _spread(self._sizes[name], width) for name, width in _BINS.items()},
        }


def _spread(sizes: Counter[int], width: int) -> dict[str, Any]:
    if not sizes:
        return {"n": 0}
    bins: Counter[int] = Counter()
    for size, count in sizes.items():
        bins[size // width * width] += count
    return {
        "n": sizes.total(),
        "min": min(sizes),
        "p10": _quantile(sizes, 0.1),
        "median": _quantile(sizes, 0.5),
        "p90": _quantile(sizes, 0.9),
        "max": max(sizes),
        "bin": width,
        "bins": {str(start): bins[start] for start in sorted(bins)},
    }


def _quantile(sizes: Counter[int], share: float) -> int:
    """The smallest size that at least `share` of all do not exceed."""
    left = share * sizes.total()
    for size in sorted(sizes):
        left -= sizes[size]
        if left <= 0:
            return size
    return max(sizes)
