"""What a model says of a bug: its program is run, and then its words are held against the runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyx_dataset.debug_schema import Divergence
from pyx_dataset.debugged import Broken
from pyx_dataset.debugging.divergence import divergence
from pyx_dataset.faults import has_signature_of, mended_runs
from pyx_dataset.judging import judge_rationale
from pyx_dataset.layout import SHOWN_PASSING
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import Execution
from pyx_dataset.teacher.parse import Unreadable, read_debugged
from pyx_dataset.teacher.protocol import Answer


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came of an answer about a bug."""

    reason: str = ""
    """A key of `REASONS`, or empty for one that is kept."""
    detail: str = ""
    text: str = ""
    """The three headed sections."""
    refined: str = ""
    """The program that the answer gives."""
    split: Divergence | None = None
    """Where the run of the broken program leaves that of `refined`."""
    confirmed: int = 0
    unchecked: int = 0


def rule(
    answer: Answer, broken: Broken, problem: str, boxes: Sequence[Sandbox], max_words: int
) -> Ruling:
    """
    Judge an answer about the first failing call of `broken`.

    The program in it has to give the right value in every call, in each of `boxes`; then the
    rationale is held against the runs of both.

    Args:
        answer: What the model said.
        broken: The bug with its runs and the calls of the right program.
        problem: The prompt that the row will have.
        boxes: Sandboxes of unlike hash seeds.
        max_words: Of the rationale.
    """
    if answer.error or not answer.text.strip():
        return Ruling("no_answer", answer.error or "an empty answer")
    try:
        said = read_debugged(answer.text)
    except Unreadable as exc:
        return Ruling("answer_cut" if answer.is_cut else "not_in_layout", str(exc))
    told, *_ = executions = (*broken.failing, *broken.passing)
    if not has_signature_of(told.trace.code, said.code, told.trace.call.partition("(")[0]):
        return Ruling("other_signature", "")
    runs = mended_runs(said.code, executions, boxes)
    if isinstance(runs, str):
        return Ruling("fails_a_call", runs)
    evidence = evidence_of(broken, runs, problem)
    if evidence is None:
        return Ruling("no_divergence", told.trace.call)
    found = judge_rationale(said.rationale, evidence, max_words)
    return Ruling(
        found.reason, found.detail, said.rationale, said.code, evidence.split, found.confirmed,
        found.unchecked,
    )  # fmt: skip


def evidence_of(broken: Broken, mended: Sequence[Execution], problem: str) -> Evidence | None:
    """
    Both runs of the call that is told, and of those that the reader sees pass.

    None where the runs do not part. `mended` are the executions of the right program, the failing
    ones first, in the order of `broken`.
    """
    told, passing = mended[0], mended[len(broken.failing) :][:SHOWN_PASSING]
    split = divergence(broken.trace(told), told.trace)
    shown = {item.trace.call: (broken.trace(item), item.trace) for item in passing}
    return Evidence(broken.trace(told), told.trace, split, shown, problem) if split else None
