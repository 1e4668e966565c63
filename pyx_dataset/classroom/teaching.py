"""What a language model adds to the programs of a shard, all of it judged by execution.

    programs -> proposed inputs -> programs again -> monologues, solutions, rationales -> judged

One process asks, shard by shard, so that every limit holds for all workers. What it is told is in
the cache before anything is made of it: the same build gives the same bytes again, and nothing is
paid twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pyx_dataset.answers import proposed_call
from pyx_dataset.classroom.proposing import with_inputs
from pyx_dataset.classroom.rationales import with_rationales
from pyx_dataset.classroom.room import Room, shown, tally_of
from pyx_dataset.classroom.solving import with_faults, with_solutions
from pyx_dataset.config import BuildConfig
from pyx_dataset.inputs.calls import normal_call
from pyx_dataset.judging import Judgement, judge_backward, judge_forward, written
from pyx_dataset.layout import label_lines
from pyx_dataset.lessons import Refused, Tally
from pyx_dataset.narration import facts_of
from pyx_dataset.neighbours import known_calls
from pyx_dataset.program import Boxes
from pyx_dataset.records import from_json
from pyx_dataset.sandbox.pool import Job
from pyx_dataset.schema import (
    Bundle,
    Direction,
    Execution,
    Outcome,
    Program,
    Rejected,
    Seed,
    Told,
    Trace,
)
from pyx_dataset.shards import Shard
from pyx_dataset.store import dump, load
from pyx_dataset.teacher.parse import Written
from pyx_dataset.teacher.protocol import Answer, Request

DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")
_NO_ANSWERS = frozenset({"no_answer", "answer_cut"})
"""What is no worse answer, but none."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A shard after the teacher. Its file reads as a `Shard`, too."""

    bundles: tuple[Bundle, ...]
    rejected: tuple[Rejected, ...]
    tallies: tuple[Tally, ...]


def teach(programs: Sequence[Program], shard: Shard, room: Room, most: int | None = None) -> Taught:
    """
    Ask about each program of a shard and keep what withstands every check.

    Of the programs only the first `most` that are kept are wanted; no other is asked about.

    Raises:
        TeacherError: the teacher cannot be asked; what it has answered is in its cache.
    """
    bundles, rejected = list(shard.bundles)[:most], list(shard.rejected)
    tallies: list[Tally] = []
    if room.config.teacher.asks_for("inputs"):
        if most is not None and len(bundles) == most:
            ids = [program.id for program in programs]
            programs = programs[: ids.index(bundles[-1].program.id) + 1]
        shard = Shard(tuple(bundles), shard.rejected)
        bundles, rejected, tally = with_inputs(programs, shard, room)
        bundles = bundles[:most]
        tallies.append(tally)
    for direction in DIRECTIONS:
        if room.config.teacher.asks_for(direction):
            bundles, dropped, tally = _with_monologues(bundles, direction, room)
            rejected += dropped
            tallies.append(tally)
    if room.config.teacher.asks_for("solution"):
        bundles, dropped, tally = with_solutions(bundles, room)
        rejected += dropped
        tallies.append(tally)
    bundles, dropped, faults = with_faults(bundles, room)
    rejected += dropped
    if room.config.teacher.asks_for("debugging"):
        bundles, dropped, tally = with_rationales(bundles, faults, room)
        rejected += dropped
        tallies.append(tally)
    return Taught(tuple(bundles), tuple(rejected), tuple(tallies))


def teach_shard(
    programs: Sequence[Program], file: Path, room: Room, most: int | None
) -> tuple[Path, int]:
    """
    Teach the shard in `file`, unless that is done; the file of what came out, and its programs.

    Raises:
        TeacherError: as `teach`.
    """
    target = file.with_name(file.name.replace("shard-", "taught-"))
    if not target.exists():
        dump(target, asdict(teach(programs, Shard.read(file), room, most)))
    return target, len(Shard.read(target).bundles)


def tallies_of(files: Sequence[Path], tallies: Sequence[Tally]) -> dict[str, dict[str, int]]:
    """By task, what a build asked for in all: `tallies` and those of taught `files`."""
    found: dict[str, Counter[str]] = {}
    taught = [tally for file in files for tally in from_json(Taught, load(file)).tallies]
    for tally in (*tallies, *taught):
        counts = asdict(tally)
        found.setdefault(counts.pop("task"), Counter()).update(counts)
    return {task: dict(counts) for task, counts in found.items()}


def _with_monologues(
    bundles: Sequence[Bundle], direction: Direction, room: Room
) -> tuple[list[Bundle], list[Rejected], Tally]:
    """Ask for monologues of some executions of each program, all of a shard at once."""
    requests = [list(_monologue_requests(bundle, direction, room)) for bundle in bundles]
    answers = room.teacher.ask([request for group in requests for request in group])
    waiting = iter(answers)
    taught: list[Bundle] = []
    rejected: list[Rejected] = []
    accepted = 0
    for bundle, group in zip(bundles, requests, strict=True):
        replies = [(request, next(waiting)) for request in group]
        told, refused, dropped = _learn(bundle, direction, replies, room)
        accepted += len(told)
        rejected += dropped
        more = {direction: (*_tellings(bundle, direction), *told)}
        taught.append(replace(bundle, refused=(*bundle.refused, *refused), **more))  # type: ignore[arg-type]  # forward or backward
    return taught, rejected, tally_of(direction, answers, accepted)


def _tellings(bundle: Bundle, direction: Direction) -> tuple[Told, ...]:
    return bundle.forward if direction == "forward" else bundle.backward


def _monologue_requests(bundle: Bundle, direction: Direction, room: Room) -> Iterator[Request]:
    settings, seed = room.config.teacher, bundle.program.seed
    returned = [item for item in bundle.executions if item.trace.outcome is Outcome.RETURNED]
    for execution in returned[: settings.executions]:
        trace = execution.trace
        fields = {
            "code": label_lines(seed.code) if direction == "forward" else seed.code.rstrip(),
            "entry_point": seed.entry_point,
            "call": trace.call,
            "value": trace.value or "",
            "trace": shown(trace),
        }
        for sample in range(settings.samples):
            yield room.request(direction, execution.id, sample, **fields)


def _learn(
    bundle: Bundle, direction: Direction, replies: Sequence[tuple[Request, Answer]], room: Room
) -> tuple[list[Told], list[Refused], list[Rejected]]:
    """Judge the answers about one program."""
    executions = {execution.id: execution for execution in bundle.executions}
    name = room.teacher.name
    told: list[Told] = []
    refused: dict[Refused, None] = {}
    rejected: list[Rejected] = []
    seen: set[tuple[str, str]] = set()
    texts = [written(answer, direction) for _, answer in replies]
    judge = _judge(bundle, direction, texts, room)
    for (request, answer), text in zip(replies, texts, strict=True):
        execution = executions[request.subject]
        item = text if isinstance(text, Judgement) else judge(execution, text)
        if (request.subject, answer.text) in seen and item.reason not in _NO_ANSWERS:
            item = replace(item, reason="repeated", detail="")
        seen.add((request.subject, answer.text))
        if item.monologue and not item.reason:
            told.append(
                Told(execution.id, item.monologue, item.confirmed, item.unchecked,
                     name, request.prompt_hash, request.sample)
            )  # fmt: skip
            continue
        rejected.append(Rejected(f"taught {direction}", item.reason, execution.id, item.detail))
        if item.reason not in _NO_ANSWERS | {"repeated"}:
            worse = Refused(
                direction, execution.id, answer.text.strip(), item.reason, item.detail,
                name, request.prompt_hash,
            )  # fmt: skip
            refused[worse] = None
    return told, list(refused), rejected


def _judge(
    bundle: Bundle, direction: Direction, texts: Sequence[Written | Judgement], room: Room
) -> Callable[[Execution, Written], Judgement]:
    """How to judge a text about one program; the calls that backward texts deduce are run."""
    seed, most = bundle.program.seed, room.config.max_monologue_words
    known = known_calls(
        seed.code,
        seed.entry_point,
        ((item.trace.call, item.trace.value, item.trace.exception or "")
         for item in bundle.executions),
    )  # fmt: skip
    if direction == "forward":
        return lambda execution, text: judge_forward(text, execution, known, most)
    deduced = {
        text.answer: call
        for text in texts
        if isinstance(text, Written) and (call := _deduced(seed, text.answer, room.config))
    }
    traces = _agreed(bundle.program, sorted(set(deduced.values())), room.boxes)

    def judge(execution: Execution, text: Written) -> Judgement:
        rerun = traces.get(deduced.get(text.answer, ""))
        return judge_backward(text, rerun, execution.trace.value or "", known, most)

    return judge


def _deduced(seed: Seed, answer: str, config: BuildConfig) -> str | None:
    """The call that an answer proposes, if it is one that could be published."""
    try:
        call = normal_call(proposed_call(seed.code, answer, seed.entry_point))
    except ValueError:
        return None
    return call if call and len(call) <= config.max_call_chars else None


def _agreed(program: Program, calls: Sequence[str], boxes: Boxes) -> dict[str, Trace]:
    """By call, its trace, where it returns and all hash seeds agree on it."""
    if not calls:
        return {}
    code = program.seed.code
    job = Job(program.id, code, tuple(calls), trace=True)
    runs = zip(*(next(box.run([job])).calls for box in (boxes.first, *boxes.others)), strict=True)
    return {
        call: Trace(code, call, one.outcome, one.value, None, one.steps)
        for call, (one, *others) in zip(calls, runs, strict=True)
        if one.outcome is Outcome.RETURNED
        and one.steps is not None
        and all(facts_of(other) == facts_of(one) for other in others)
    }
