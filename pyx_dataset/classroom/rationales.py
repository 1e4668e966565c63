"""Why a program is wrong, in the words of a language model, and the program that it puts right.

The program is run and the words are held against the runs; what fails is a worse answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from pyx_dataset.classroom.room import Room, shown, tally_of
from pyx_dataset.classroom.solving import Fault
from pyx_dataset.debug_schema import Debugged, Rationale
from pyx_dataset.debugged import Broken, as_bug, runs_of
from pyx_dataset.debugging.bugs import Mutant
from pyx_dataset.export.views import debug_prompt
from pyx_dataset.layout import assertion, label_lines
from pyx_dataset.lessons import Refused, Tally
from pyx_dataset.mended import Ruling, rule
from pyx_dataset.schema import Bundle, Execution, Program, Rejected
from pyx_dataset.teacher.protocol import Request

_NO_ANSWERS = frozenset({"no_answer", "answer_cut", "repeated"})
"""What is no worse answer, but none."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A bug of a program, with its runs; the first failing call is asked about."""

    name: str
    program: Program
    broken: Broken
    writer: str
    writer_hash: str

    @property
    def told(self) -> Execution:
        """The failing call."""
        return self.broken.failing[0]

    @property
    def prompt(self) -> str:
        """What a row about it asks."""
        tests = [[_assertion(item) for item in some]
                 for some in (self.broken.passing, self.broken.failing)]  # fmt: skip
        passing, failing = tests
        seed, code = self.program.seed, self.broken.mutant.code
        (message,) = debug_prompt(seed.instruction, seed.signature, passing, code, failing)
        return message["content"]


def with_rationales(
    bundles: Sequence[Bundle], faults: Mapping[str, Sequence[Fault]], room: Room
) -> tuple[list[Bundle], list[Rejected], Tally]:
    """
    Ask about some bugs of each program, all of a shard at once.

    Args:
        bundles: The programs.
        faults: By program, what the model itself did wrong; what nobody has told is asked, too.
        room: Who teaches.

    Raises:
        TeacherError: the teacher cannot be asked; what it has answered is in its cache.
    """
    questions = [_questions(bundle, faults.get(bundle.program.id, ()), room) for bundle in bundles]
    samples = range(room.config.teacher.samples)
    requests = [_request(item, sample, room)
                for group in questions for item in group for sample in samples]  # fmt: skip
    answers = room.teacher.ask(requests)
    waiting = iter(zip(requests, answers, strict=True))
    boxes, most = (room.boxes.hasty, *room.boxes.others), room.config.max_monologue_words
    taught: list[Bundle] = []
    rejected: list[Rejected] = []
    accepted = 0
    for bundle, group in zip(bundles, questions, strict=True):
        told: list[Debugged] = []
        refused: list[Refused] = []
        for item in group:
            seen: set[str] = set()
            for request, answer in (next(waiting) for _ in samples):
                found = rule(answer, item.broken, item.prompt, boxes, most)
                if answer.text in seen and found.reason not in _NO_ANSWERS:
                    found = Ruling("repeated")
                seen.add(answer.text)
                if not found.reason:
                    told.append(_bug(item, request, found, room))
                    continue
                rejected.append(Rejected("taught debugging", found.reason, item.name, found.detail))
                if found.reason not in _NO_ANSWERS:
                    refused.append(
                        Refused("debug", item.told.id, answer.text.strip(), found.reason,
                                found.detail, room.teacher.name, request.prompt_hash, item.name)
                    )  # fmt: skip
        accepted += len(told)
        taught.append(
            replace(bundle, debugged=(*bundle.debugged, *told),
                    refused=(*bundle.refused, *refused))
        )  # fmt: skip
    return taught, rejected, tally_of("debugging", answers, accepted)


def _questions(bundle: Bundle, faults: Sequence[Fault], room: Room) -> list[_Question]:
    """The bugs of a program that are asked about, those first that nobody has told."""
    untold = (
        _Question(item.name, bundle.program, item.broken, room.teacher.name, item.prompt_hash)
        for item in faults
        if item.told is None
    )
    told = (
        _Question(bug.id, bundle.program, broken, bug.writer, bug.writer_hash)
        for bug in bundle.debugged
        if (broken := _broken(bug, bundle, room))
    )
    return list(islice(chain(untold, told), room.config.teacher.executions))


def _broken(bug: Debugged, bundle: Bundle, room: Room) -> Broken | None:
    """A bug with its runs, which are not kept with it."""
    executions = {item.id: item for item in bundle.executions}
    failing, passing = (
        tuple(executions[name] for name in names) for names in (bug.failing, bug.passing)
    )
    calls = [item.trace.call for item in (*failing, *passing)]
    runs = runs_of(bug.code, calls, room.boxes.hasty)
    if len(runs) < len(calls):
        return None
    mutant = Mutant(bug.operator, bug.code, bug.line)
    return Broken(mutant, failing, passing, dict(zip(calls, runs, strict=True)))


def _request(item: _Question, sample: int, room: Room) -> Request:
    trace, told = item.broken.trace(item.told), item.told.trace
    return room.request(
        "debugging", item.name, sample, problem=item.program.seed.instruction.strip(),
        code=label_lines(trace.code), failed_test=_assertion(item.told), trace=shown(trace),
        expected=told.value or "", found=trace.value or trace.exception or str(trace.outcome),
    )  # fmt: skip


def _bug(item: _Question, request: Request, found: Ruling, room: Room) -> Debugged:
    name, split = f"{item.name}_t{request.sample}", found.split
    assert split is not None, "a rationale that is kept has been held against the runs"
    told = Rationale(
        found.text, found.confirmed, found.unchecked, room.teacher.name, request.prompt_hash
    )
    bug = as_bug(name, item.program.id, item.broken, item.told, split, found.refined, told)
    return replace(bug, writer=item.writer, writer_hash=item.writer_hash)


def _assertion(execution: Execution) -> str:
    return assertion(execution.trace.call, execution.trace.value or "")
