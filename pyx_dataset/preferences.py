"""Worse answers to prompts that have a good one, without any model.

A true monologue is spoiled in one place, and kept if the checker finds a claim of it contradicted:
so the worse answer is wrong for sure, and where it is wrong is known.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from pyx_dataset.judging import first_contradiction
from pyx_dataset.layout import assertion, monologue_completion
from pyx_dataset.lessons import NARRATOR, Refused
from pyx_dataset.monologues.check import check
from pyx_dataset.rng import rng_for
from pyx_dataset.schema import Execution, Monologue, Told
from pyx_dataset.teacher.spoil import spoiled

_TRIES = 4
"""Errors planted in one monologue before it is given up; the first is found in nine of ten."""


def spoiled_answers(
    executions: Sequence[Execution], forward: Sequence[Told], backward: Sequence[Told], seed: int
) -> Iterator[Refused]:
    """
    For each execution one spoiled monologue, forward or backward by chance.

    A backward monologue that deduces another call than its execution's is left alone: the trace
    to hold it against is not kept.
    """
    tellings: dict[str, list[Monologue]] = {}
    for told in (*forward, *backward):
        tellings.setdefault(told.execution_id, []).append(told.monologue)
    for execution in executions:
        rng = rng_for(seed, "spoil", execution.id)
        trace = execution.trace
        if execution.id not in tellings or trace.value is None:
            continue
        monologue = rng.choice(tellings[execution.id])
        if monologue.answer != assertion(trace.call, trace.value):
            continue
        for worse in islice(spoiled(monologue.text, rng), _TRIES):
            report = check(worse.text, trace, monologue.answer, direction=monologue.direction)
            if wrong := first_contradiction(report):
                (message,) = monologue_completion(worse.text, monologue.answer)
                yield Refused(
                    monologue.direction, execution.id, message["content"], "claim_contradicted",
                    wrong, NARRATOR,
                )  # fmt: skip
                break
