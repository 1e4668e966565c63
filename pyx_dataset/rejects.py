"""What was dropped: written down record by record, and counted."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from pyx_dataset.schema import Rejected
from pyx_dataset.store import atomic_path

Counts = dict[str, dict[str, int]]


def write_rejects(items: Iterable[Rejected], path: Path) -> tuple[Counts, Counts]:
    """
    Write `items` to `path` as JSON lines, none of them held.

    Returns:
        How many by stage and reason, and of the contaminated ones by benchmark and rule.
    """
    reasons: dict[str, Counter[str]] = {}
    hits: dict[str, Counter[str]] = {}
    with atomic_path(path) as scratch, scratch.open("w", encoding="utf-8") as file:
        for item in items:
            reasons.setdefault(item.stage, Counter())[item.reason] += 1
            if item.reason == "contaminated":
                benchmark, rule, _ = item.detail.split(": ", 2)
                hits.setdefault(benchmark, Counter())[rule] += 1
            file.write(f"{json.dumps(asdict(item), ensure_ascii=True)}\n")
    return _in_order(reasons), _in_order(hits)


def _in_order(counts: dict[str, Counter[str]]) -> Counts:
    return {key: dict(sorted(count.items())) for key, count in sorted(counts.items())}
