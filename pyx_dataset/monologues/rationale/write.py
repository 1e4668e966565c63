"""Rationales in the layout of PyX-R: simulate the failing call, find the cause, mend it."""

from random import Random

from pyx_dataset.errors import NotNarratable
from pyx_dataset.layout import DEBUG_HEADINGS
from pyx_dataset.monologues.check import check, untold
from pyx_dataset.monologues.rationale.cause import argument
from pyx_dataset.monologues.rationale.evidence import Evidence
from pyx_dataset.monologues.rationale.forms import Fact, read
from pyx_dataset.monologues.rationale.holds import holds
from pyx_dataset.monologues.run.story import waits_twice
from pyx_dataset.monologues.telling import changes
from pyx_dataset.monologues.telling.pace import PACES
from pyx_dataset.monologues.telling.simulate import simulation
from pyx_dataset.monologues.verdicts import whole
from pyx_dataset.schema import CheckedClaim, CheckReport, Claim

MAX_GAPS = 3
"""Places that a rationale can explain at once."""
_REST_WORDS = 220
"""Left for what stands behind the simulation."""


def rationale(evidence: Evidence, rng: Random, *, max_words: int = 700) -> str:
    """
    Reason from the failing call to the edit that mends it.

    Raises:
        NotNarratable: too much differs, the run cannot be told, or its first wrong step not.
    """
    if len(evidence.change.gaps) > MAX_GAPS:
        places = f"{len(evidence.change.gaps)} places differ"
        raise NotNarratable("too_different", places)
    trace = evidence.buggy
    if function := waits_twice(trace):
        raise NotNarratable("hidden_state", f"two runs of the generator {function} wait at once")
    changes.require_visible(trace)
    cause, mending = argument(evidence, rng)
    if not cause or mending[0].kind == "mended":
        raise NotNarratable("cause_not_told", f"step {evidence.split.step} of {trace.call}")
    for pace in PACES:
        told = simulation(trace, rng, pace)
        if len(told.split()) <= max_words - _REST_WORDS:
            break
    else:
        raise NotNarratable("monologue_too_long", trace.call)
    sections = told, _prose(cause, rng), _prose(mending, rng)
    return "\n\n".join(
        f"{heading}\n{body}" for heading, body in zip(DEBUG_HEADINGS, sections, strict=True)
    )


def _prose(facts: list[Fact], rng: Random) -> str:
    return " ".join(fact.text(rng) for fact in facts)


def check_rationale(text: str, evidence: Evidence, *, is_ours: bool = True) -> CheckReport:
    """
    Hold every claim of a rationale against the runs of the broken and of the right program.

    The simulation is checked as a forward monologue is; the sentences behind it are read back
    one by one. A sentence that is not understood is unchecked; a text without the three headings
    is contradicted, and so is a simulation of ours that leaves out a change.
    """
    told, *argued = _sections(text)
    simulated = f"{DEBUG_HEADINGS[0]}\n{told}"
    report = check(simulated, evidence.buggy)
    wrong = list(report.contradicted)
    right, unchecked = list(report.confirmed), list[CheckedClaim]()
    for item in report.unchecked:  # the walk does not look for what ends the whole call
        is_end = item.claim.kind == "raises" and whole(item.claim, evidence.buggy)[0]
        (right if is_end else unchecked).append(item)
    if is_ours and (lines := untold(simulated, evidence.buggy)):
        wrong.append(_claim("the simulation tells all that changes", f"lines {lines} are missing"))
    if len(argued) != len(DEBUG_HEADINGS) - 1:
        wrong.append(_claim("a rationale", f"without its {len(DEBUG_HEADINGS)} headings"))
    for said in read("\n".join(argued)):
        if said.fact is None:
            unchecked.append(_claim(said.text, None))
            continue
        is_right, found = holds(said.fact, evidence)
        (right if is_right else wrong).append(_claim(said.text, None if is_right else found))
    return CheckReport(tuple(right), tuple(wrong), tuple(unchecked))


def _sections(text: str) -> list[str]:
    rest, found = text, list[str]()
    for heading in DEBUG_HEADINGS:
        before, sep, rest = rest.partition(f"{heading}\n")
        if not sep or (before.strip() and not found):
            return [text]
        found.append(before.strip())
    return [*found[1:], rest.strip()]


def _claim(text: str, found: str | None) -> CheckedClaim:
    return CheckedClaim(Claim("value", "", "", None, text), None, found)
