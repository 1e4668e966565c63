"""Is what a model wrote good enough to become a row? The run decides, step by step."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyx_dataset.grading import grade_output
from pyx_dataset.layout import DEBUG_HEADINGS, LABEL_OFFSET, assertion
from pyx_dataset.monologues.check import check, is_full_account, untold
from pyx_dataset.monologues.properties.inferred import check_properties
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.write import check_rationale
from pyx_dataset.monologues.run.story import tell
from pyx_dataset.monologues.undoing.arguments import supposed_in
from pyx_dataset.schema import CheckReport, Direction, Execution, Monologue, Trace
from pyx_dataset.teacher.parse import Unreadable, Written, read_monologue
from pyx_dataset.teacher.protocol import Answer

_LABEL = re.compile(r"\[L(\d+)\]")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a monologue."""

    monologue: Monologue | None
    confirmed: int = 0
    unchecked: int = 0
    reason: str = ""
    """A key of `REASONS`, or empty for one that is kept."""
    detail: str = ""


def written(answer: Answer, direction: Direction) -> Written | Judgement:
    """The monologue in an answer, or why there is none."""
    if answer.error or not answer.text.strip():
        return Judgement(None, reason="no_answer", detail=answer.error or "an empty answer")
    try:
        return read_monologue(answer.text, direction)
    except Unreadable as exc:
        reason = "answer_cut" if answer.is_cut else "not_in_layout"
        return Judgement(None, reason=reason, detail=str(exc))


def judge_forward(
    text: Written, execution: Execution, known: Sequence[Known], max_words: int
) -> Judgement:
    """Hold a forward monologue against the execution that it tells."""
    trace = execution.trace
    verdict = grade_output(trace.code, "", trace.value or "", f"assert {_compared(text.answer)}")
    if not verdict.passed:
        detail = f"{text.answer}, but it gives {trace.value}"
        return Judgement(None, reason="wrong_answer", detail=detail)
    return _judged("forward", text.text, trace, trace.value or "", known, max_words)


def judge_backward(
    text: Written, rerun: Trace | None, value: str, known: Sequence[Known], max_words: int
) -> Judgement:
    """
    Hold a backward monologue against a run of the call that it deduces.

    `rerun` is None where that call cannot be read, does not return or gives no `value`.
    """
    if rerun is None or rerun.value != value:
        found = rerun.value if rerun else "no value"
        return Judgement(
            None, reason="input_not_confirmed", detail=f"{text.answer}, but it gives {found}"
        )
    return _judged("backward", text.text, rerun, value, known, max_words)


def judge_rationale(text: str, evidence: Evidence, max_words: int) -> Judgement:
    """
    Hold a rationale against the runs of the broken program and of the one that it leads to.

    Every step of the simulated call is checked, and of what is argued behind it the sentences
    that are said as the narrator says them.
    """
    report = check_rationale(text, evidence, is_ours=False)
    simulated = text.partition(DEBUG_HEADINGS[1])[0]
    reason, detail = "", first_contradiction(report)
    if detail:
        reason = "claim_contradicted"
    elif lines := left_out(simulated, evidence.buggy):
        reason, detail = "line_not_told", f"lines {lines}"
    elif all(item.step is None for item in report.confirmed):
        reason, detail = "nothing_confirmed", "no step of it can be held against the run"
    elif len(text.split()) > max_words:
        reason = "monologue_too_long"
    return Judgement(None, len(report.confirmed), len(report.unchecked), reason, detail)


def left_out(text: str, trace: Trace) -> tuple[int, ...]:
    """
    Lines that changed something in the run where a forward `text` does not say so.

    A text that goes label by label must tell each change in its place; of free prose it is asked
    that it names each such line, those aside where a function only gets its arguments.
    """
    if is_full_account(text):
        return untold(text, trace)
    simulation = text.partition("### Execution Simulation")[2]
    named = {int(label) - LABEL_OFFSET for label in _LABEL.findall(simulation)}
    changing = {moment.line for moment in tell(trace) if moment.changed and moment.event != "call"}
    return tuple(sorted(changing - named))


def first_contradiction(report: CheckReport) -> str:
    """The first claim that the run contradicts and what it found; empty if there is none."""
    for item in report.contradicted:
        return f"{item.claim.text!r}, found {item.found!r}"
    return ""


def _judged(
    direction: Direction, text: str, trace: Trace, value: str, known: Sequence[Known], most: int
) -> Judgement:
    answer = assertion(trace.call, value)
    report = check(text, trace, answer, direction=direction)
    reason, detail = _fault(direction, text, trace, report, known, most)
    return Judgement(
        Monologue(direction, text, answer, (), supposed_in(text)),
        len(report.confirmed),
        len(report.unchecked),
        reason,
        detail,
    )


def _fault(
    direction: Direction,
    text: str,
    trace: Trace,
    report: CheckReport,
    known: Sequence[Known],
    max_words: int,
) -> tuple[str, str]:
    if wrong := first_contradiction(report):
        return "claim_contradicted", wrong
    if direction == "forward" and (lines := left_out(text, trace)):
        return "line_not_told", f"lines {lines}"
    if all(item.step is None for item in report.confirmed):
        return "nothing_confirmed", "no step of it can be held against the run"
    if len(text.split()) > max_words:
        return "monologue_too_long", ""
    for item in check_properties(text, known, is_complete=False):
        if item.holds is False:
            return "claim_contradicted", f"{item.text!r}, found {item.found!r}"
    return "", ""


def _compared(answer: str) -> str:
    """An answer as a comparison: models leave ``assert`` out, or give the value alone."""
    return answer.strip().removeprefix("assert").strip()
