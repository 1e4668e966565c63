"""Calls that a language model proposes, for the programs that lack some."""

from collections.abc import Sequence
from dataclasses import replace

from pyx_dataset.classroom.room import Room, tally_of
from pyx_dataset.inputs.calls import normal_call
from pyx_dataset.lessons import Tally
from pyx_dataset.program import make
from pyx_dataset.schema import Bundle, Program, Rejected
from pyx_dataset.shards import Shard
from pyx_dataset.teacher.parse import read_calls
from pyx_dataset.teacher.protocol import Answer, Request

_HELPED = frozenset({"too_few_calls", "constant_output"})
"""Reasons to drop a program that other inputs may remove."""


def with_inputs(
    programs: Sequence[Program], shard: Shard, room: Room
) -> tuple[list[Bundle], list[Rejected], Tally]:
    """Make each program anew that lacks calls or coverage, with the calls that are proposed."""
    made = {bundle.program.id: bundle for bundle in shard.bundles}
    helped = {item.subject for item in shard.rejected if item.reason in _HELPED}
    wanting = [
        program
        for program in programs
        if (made[program.id].coverage < 1 if program.id in made else program.id in helped)
    ]
    answers = room.teacher.ask([_inputs_request(item, made.get(item.id), room) for item in wanting])
    rejected, accepted = list(shard.rejected), 0
    for program, answer in zip(wanting, answers, strict=True):
        calls, dropped = _proposals(program, answer)
        rejected += dropped
        if not calls:
            continue
        new, dropped = make(replace(program, proposals=calls), room.config, room.boxes)
        old = made.get(program.id)
        rejected += [
            replace(item, stage="taught inputs")
            for item in dropped
            if item.stage == "calls" and item.subject.removeprefix(f"{program.id} ") in calls
        ]
        if new and (old is None or new.coverage > old.coverage):
            made[program.id] = new
            kept = {execution.trace.call for execution in new.executions}
            accepted += len(kept & set(calls))
            rejected = [item for item in rejected if item.subject != program.id]
    bundles = [made[program.id] for program in programs if program.id in made]
    return bundles, rejected, tally_of("inputs", answers, accepted)


def _proposals(program: Program, answer: Answer) -> tuple[tuple[str, ...], list[Rejected]]:
    """The calls in an answer whose arguments are literals, and what else it held."""
    calls = read_calls(answer.text, program.seed.entry_point)
    if not calls:
        reason = "no_answer" if answer.error or not answer.text.strip() else "not_in_layout"
        return (), [Rejected("taught inputs", reason, program.id, answer.error)]
    plain = {call: normal_call(call) for call in calls}
    strange = [Rejected("taught inputs", "invalid", f"{program.id} {call}", "not literals")
               for call, normal in plain.items() if normal is None]  # fmt: skip
    return tuple(dict.fromkeys(normal for normal in plain.values() if normal)), strange


def _inputs_request(program: Program, bundle: Bundle | None, room: Room) -> Request:
    seed = program.seed
    calls = [item.trace.call for item in bundle.executions] if bundle else []
    calls = calls or [example.call for example in seed.examples]
    return room.request(
        "inputs", program.id, code=seed.code.rstrip(), entry_point=seed.entry_point,
        signature=seed.signature, calls="\n".join(calls) or "# none yet",
    )  # fmt: skip
