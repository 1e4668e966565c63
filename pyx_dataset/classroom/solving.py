"""Programs that a language model writes for tasks whose right program is known.

One that gives the right value in every call teaches nothing new. One that does not is a worse
answer to the task, and where it gets some calls right, a bug as models make them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyx_dataset.classroom.room import Room, tally_of
from pyx_dataset.debug_schema import Debugged
from pyx_dataset.debugged import Broken, is_stated, tell
from pyx_dataset.faults import broken_by, has_signature_of, mended_runs
from pyx_dataset.filters.dedup import shape
from pyx_dataset.layout import SHOWN_PASSING, assertion, code_completion
from pyx_dataset.lessons import Refused, Tally
from pyx_dataset.schema import Bundle, Execution, Rejected
from pyx_dataset.teacher.parse import Unreadable, read_program
from pyx_dataset.teacher.protocol import Answer, Request


@dataclass(frozen=True, slots=True)
class Fault:
    """A program that a model wrote and that fails some calls of its task."""

    name: str
    """As its row is called."""
    broken: Broken
    told: Debugged | None
    """None where the narrator has no words for what is wrong."""
    prompt_hash: str
    """Of the prompt file that the model was asked with."""


def with_solutions(
    bundles: Sequence[Bundle], room: Room
) -> tuple[list[Bundle], list[Rejected], Tally]:
    """Ask for a program for each task that has words; what fails becomes the worse answer to it."""
    asked = [
        bundle for bundle in bundles if bundle.program.seed.instruction.strip() and _stated(bundle)
    ]
    requests = [
        _request(bundle, sample, room)
        for bundle in asked
        for sample in range(room.config.teacher.samples)
    ]
    answers = room.teacher.ask(requests)
    waiting = iter(zip(requests, answers, strict=True))
    rejected: list[Rejected] = []
    right = 0
    solved: list[Bundle] = []
    for bundle in bundles:
        refused: dict[str, Refused] = {}
        for _ in range(room.config.teacher.samples if bundle in asked else 0):
            request, answer = next(waiting)
            code, reason, detail = _judged(bundle, answer, room)
            if code in refused:
                reason, detail = "repeated", ""
            elif reason and code:
                (message,) = code_completion(code)
                refused[code] = Refused("nl2code", "", message["content"], reason, detail,
                                        room.teacher.name, request.prompt_hash)  # fmt: skip
            right += not reason
            if reason:
                rejected.append(Rejected("taught solution", reason, request.subject, detail))
        solved.append(replace(bundle, refused=(*bundle.refused, *refused.values())))
    return solved, rejected, tally_of("solution", answers, right)


def with_faults(
    bundles: Sequence[Bundle], room: Room
) -> tuple[list[Bundle], list[Rejected], dict[str, list[Fault]]]:
    """The failing programs of each task as bugs, told where that can be; and all, by program."""
    found: dict[str, list[Fault]] = {}
    rejected: list[Rejected] = []
    taught: list[Bundle] = []
    for bundle in bundles:
        faults = found[bundle.program.id] = []
        for item in _faults(bundle, room) if room.config.max_bugs and _stated(bundle) else ():
            if isinstance(item, Rejected):
                rejected.append(item)
            else:
                faults.append(item)
        told = [item.told for item in faults if item.told]
        taught.append(replace(bundle, debugged=(*bundle.debugged, *told)))
    return taught, rejected, found


def _request(bundle: Bundle, sample: int, room: Room) -> Request:
    seed = bundle.program.seed
    shown = _stated(bundle)[:SHOWN_PASSING]
    tests = "\n".join(assertion(item.trace.call, item.trace.value or "") for item in shown)
    return room.request(
        "solution", bundle.program.id, sample, problem=seed.instruction.strip(),
        signature=seed.signature, entry_point=seed.entry_point, tests=tests,
    )  # fmt: skip


def _judged(bundle: Bundle, answer: Answer, room: Room) -> tuple[str, str, str]:
    """The program in an answer and what is wrong with it: reason and detail, empty if nothing."""
    if answer.error or not answer.text.strip():
        return "", "no_answer", answer.error or "an empty answer"
    try:
        code = read_program(answer.text)
    except Unreadable as exc:
        return "", "answer_cut" if answer.is_cut else "not_in_layout", str(exc)
    seed = bundle.program.seed
    if not has_signature_of(seed.code, code, seed.entry_point):
        return "", "other_signature", ""
    runs = mended_runs(code, _stated(bundle), (room.boxes.hasty, *room.boxes.others))
    return (code, "fails_a_call", runs) if isinstance(runs, str) else (code, "", "")


def _faults(bundle: Bundle, room: Room) -> list[Fault | Rejected]:
    """What the model wrote for the task and failed, each once, told if it can be."""
    program, config = bundle.program, room.config
    codes = {item.code: program.seed.prompt_hash for item in program.seed.failed}
    codes |= {
        read_program(item.completion): item.prompt_hash
        for item in bundle.refused
        if item.task == "nl2code"
    }
    boxes = room.boxes.hasty, *room.boxes.others
    seen = {shape(code) for code in (program.seed.code, *(bug.code for bug in bundle.debugged))}
    found: list[Fault | Rejected] = []
    for code, prompt_hash in codes.items():
        name = f"{program.id}_mdl{len(found)}"
        broken = broken_by(name, code, _stated(bundle), boxes)
        if isinstance(broken, Broken) and shape(code) in seen:
            continue
        if isinstance(broken, Rejected):
            found.append(broken)
            continue
        seen.add(shape(code))
        told = tell(name, program.id, program.seed.instruction, broken, config)
        if isinstance(told, Rejected):
            found += [told, Fault(name, broken, None, prompt_hash)]
        else:
            told = replace(told, writer=room.teacher.name, writer_hash=prompt_hash)
            found.append(Fault(name, broken, told, prompt_hash))
    return found


def _stated(bundle: Bundle) -> list[Execution]:
    return [item for item in bundle.executions if is_stated(item.trace)]
