"""A tuned model held against its base and the trivial answers, task by task."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import isnan
from pathlib import Path
from typing import Any

from evaluation.paired import RESAMPLES, Gain, compare_rates
from evaluation.results import Results, Row, Score, pass_rates, read_results, score
from pyx_dataset.errors import InputError

BASE, HARD = "base", "base, not trivial"

Scored = tuple[Results, list[Row]]
"""One benchmark and prompt of a run, with its verdicts."""
Pair = tuple[Scored, Scored]
"""The base's and the tuned model's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two answers to each of the same tasks. Shares are between 0 and 1."""

    benchmark: str
    base_prompt: str
    tuned_prompt: str
    against: str
    """Whose answers the tuned model's are held against: `BASE`, `HARD`, or a trivial baseline."""
    other: Score
    tuned: Score
    gain: Gain

    def record(self) -> dict[str, Any]:
        """As plain data for JSON, which has no NaN: null where a single program leaves it open."""
        raw = asdict(self)
        if isnan(self.gain.stderr):
            raw["gain"] |= dict.fromkeys(("stderr", "low", "high"))
        return raw


def paired_runs(base: Path, tuned: Path, *, across: bool = False) -> list[Pair]:
    """
    What both runs scored.

    Args:
        base: A run, or one benchmark and prompt of it.
        tuned: Another; across prompts it may be the same.
        across: Pair different prompts instead of equal ones.

    Raises:
        InputError: the runs have nothing in common, or cannot be compared.
    """
    before, after = list(read_results(base)), list(read_results(tuned))
    pairs = [
        (left, right)
        for right in after
        for left in before
        if left[0].benchmark == right[0].benchmark and (left[0].prompt != right[0].prompt) == across
    ]
    if across and base.resolve() == tuned.resolve():  # each pair once
        pairs = [pair for pair in pairs if pair[0][0].prompt < pair[1][0].prompt]
    if not pairs:
        prompts = "two prompts of a benchmark" if across else "benchmark and prompt"
        other = "" if across else " (--across compares different prompts)"
        raise InputError(f"{base} and {tuned} have no {prompts} in common{other}")
    for (left, _), (right, _) in pairs:
        _check_comparable(left, right, across)
    return pairs


def _check_comparable(base: Results, tuned: Results, across: bool) -> None:
    """A difference means something only where everything but the model is the same."""
    same: list[tuple[str, str | int, str | int]] = [
        ("tasks", base.data_digest, tuned.data_digest),
        ("back ends", base.setting.backend, tuned.setting.backend),
        ("decodings", base.setting.decoding, tuned.setting.decoding),
    ]
    if not across:  # a prompt comes with its room, and only one of them can show examples
        same += [
            ("token limits", base.setting.max_new_tokens, tuned.setting.max_new_tokens),
            ("numbers of shots", base.setting.shots, tuned.setting.shots),
        ]
    for name, left, right in same:
        if left != right:
            raise InputError(
                f"{base.benchmark} {base.prompt} cannot be compared: the runs have different "
                f"{name} ({left} and {right}); score both models with the same options"
            )


def comparisons(pair: Pair) -> Iterator[Comparison]:
    """The tuned model against the base, on all tasks and on hard ones, and each baseline."""
    (base, before), (_, after) = pair
    yield _compared(pair, BASE, before, after)
    hard = [row for row in before if not row.trivial]
    if 0 < len(hard) < len(before):
        yield _compared(pair, HARD, hard, [row for row in after if not row.trivial])
    for name in base.baselines:
        trivial = {row.id: replace(row, sample=0, passed=name in row.trivial) for row in before}
        yield _compared(pair, name, list(trivial.values()), after)


def _compared(pair: Pair, against: str, others: Sequence[Row], tuned: Sequence[Row]) -> Comparison:
    (base, _), (own, _) = pair
    return Comparison(
        benchmark=own.benchmark,
        base_prompt=base.prompt,
        tuned_prompt=own.prompt,
        against=against,
        other=score(*pass_rates(others)),
        tuned=score(*pass_rates(tuned)),
        gain=compare_rates(others, tuned),
    )


def notes(pairs: Sequence[Pair]) -> list[str]:
    """What a reader of the comparisons has to know, a sentence or two each."""
    (base, _), (tuned, _) = pairs[0]
    asked = base.setting
    prefill = "" if asked.prefill else ", no answer was started for the model"
    cut = [_cut(results) for pair in pairs for results, _ in pair]
    more = [
        f"{name}, {results.benchmark} {results.prompt}: pass@{k} {at.text()} %."
        for pair in pairs
        for name, (results, _) in zip(("Base", "Tuned"), pair, strict=True)
        for k, at in results.pass_at.items()
        if k != "1"
    ]
    said = [
        f"Base: {asked.model} ({asked.model_digest}). "
        f"Tuned: {tuned.setting.model} ({tuned.setting.model_digest}).",
        f"Data: {base.data} (tasks {base.data_digest}). pass@1 from {asked.samples} and "
        f"{tuned.setting.samples} samples of each task, {asked.decoding}, {asked.backend}, "
        f"{asked.shots} examples shown{prefill}.",
        "± is one standard error, clustered by program; differences are paired by task.",
        f"95 % is the interval of {RESAMPLES} bootstrap draws of whole programs; p is that of "
        f"McNemar's exact test, which takes tasks to be independent.",
        "'not trivial' are the tasks that all trivial answers get wrong.",
        f"Answers that ran out of tokens, base and tuned in turn: {', '.join(cut)}.",
        *more,
    ]
    return list(dict.fromkeys(said))


def _cut(results: Results) -> str:
    return f"{results.cut} of {results.total.n * results.setting.samples}"
