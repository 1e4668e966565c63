"""How faithful monologues are to the run they tell: the figures behind the metric.

A claim is a statement that a run can confirm or contradict. Nothing of a monologue is run.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.listening.listen import listen
from pyx_dataset.monologues.listening.prose import sentences
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import CheckReport, Direction, Outcome, Trace


@dataclass(frozen=True, slots=True)
class Account:
    """A call and what was written about it."""

    code: str
    call: str
    texts: tuple[str, ...]
    direction: Direction = "forward"


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """What the run says about one text."""

    outcome: Outcome
    """How the call itself ended."""
    confirmed: int
    contradicted: int
    unchecked: int
    sentences: int
    """Sentences that tell the run; headings are none."""
    checked_sentences: int
    """Those of them with a claim that was confirmed or contradicted."""
    reason: str
    """The first contradiction in words, or why there is nothing to check; empty if faithful."""

    @property
    def is_faithful(self) -> bool:
        """Nothing in it is contradicted, and something in it is confirmed."""
        return not self.reason

    @property
    def confirmed_share(self) -> float:
        """Confirmed claims of all claims; 0 for a text that claims nothing."""
        return self.confirmed / max(self.confirmed + self.contradicted + self.unchecked, 1)

    @property
    def checked_share(self) -> float:
        """Sentences with a checked claim, of all sentences."""
        return self.checked_sentences / max(self.sentences, 1)


def faithfulness(
    accounts: Iterable[Account], sandbox: Sandbox
) -> Iterator[tuple[Faithfulness, ...]]:
    """
    Run each call once and hold its texts against the run, in order.

    Raises:
        SandboxError: the sandbox failed; a program that fails is an `Outcome`.
    """
    known = list(accounts)
    jobs = (Job(str(number), item.code, (item.call,), trace=True)
            for number, item in enumerate(known))  # fmt: skip
    for account, result in zip(known, sandbox.run(jobs), strict=True):
        trace = _trace(account, result.calls[0])
        yield tuple(hold(text, trace, account.direction) for text in account.texts)


def told_shares(accounts: Iterable[Account], sandbox: Sandbox) -> Iterator[float]:
    """
    How much of its run the first text of each account tells before it goes wrong, 0 to 1.

    Of the steps that changed something, returned or raised, those that a confirmed claim is
    about and that come, in the order of the telling, before the first step about which a claim
    is contradicted. Saying a thing twice, or what the question says already, adds nothing; so
    the share can serve as a reward.

    Raises:
        SandboxError: the sandbox failed; a call that gives no trace counts 0.
    """
    known = list(accounts)
    jobs = (Job(str(number), item.code, (item.call,), trace=True)
            for number, item in enumerate(known))  # fmt: skip
    for account, result in zip(known, sandbox.run(jobs), strict=True):
        trace = _trace(account, result.calls[0])
        yield _told_share(account.texts[0], trace, account.direction) if trace.steps else 0.0


def _trace(account: Account, run: CallResult) -> Trace:
    return Trace(account.code, account.call, run.outcome, run.value, run.exception, run.steps or ())


def _told_share(text: str, trace: Trace, direction: Direction) -> float:
    # The first step holds the arguments: forward the question gives them, backward the answer.
    wanted = {
        number
        for number, step in enumerate(trace.steps)
        if number and (step.changed or step.event in ("return", "exception"))
    }
    report = check(text, trace, direction=direction)
    wrong = [item.step for item in report.contradicted if item.step is not None]
    right = wanted & {item.step for item in report.confirmed}
    if wrong and direction == "forward":
        right = {number for number in right if number < min(wrong)}
    elif wrong:
        right = {number for number in right if number > max(wrong)}
    return len(right) / len(wanted)


def hold(text: str, trace: Trace, direction: Direction = "forward") -> Faithfulness:
    """Hold one text against the trace of its call."""
    if not trace.steps:
        return Faithfulness(trace.outcome, 0, 0, 0, 0, 0, f"the call ends as {trace.outcome}")
    if not text.strip():
        return Faithfulness(trace.outcome, 0, 0, 0, 0, 0, "there is no monologue")
    report = check(text, trace, direction=direction)
    checked, said = _sentences(text, trace)
    return Faithfulness(
        trace.outcome,
        len(report.confirmed),
        len(report.contradicted),
        len(report.unchecked),
        said,
        checked,
        _reason(report),
    )


def _sentences(text: str, trace: Trace) -> tuple[int, int]:
    """How many sentences have a checked claim, and how many there are."""
    heard = list(listen(text, trace))
    checked = {id(item.sentence) for item in heard if item.finding[0] is not None}
    headings = {id(item.sentence) for item in heard if item.sentence.is_heading}
    return len(checked), sum(not one.is_heading for one in sentences(text)) + len(headings)


def _reason(report: CheckReport) -> str:
    if not report.contradicted:
        return "" if report.confirmed else "the run confirms nothing in it"
    first = report.contradicted[0]
    return f"{first.claim.text!r}, found {first.found}"
