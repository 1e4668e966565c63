"""Tasks and programs that a language model makes up after snippets of real code.

What it writes is run; what fails goes back to it with the error, until it runs or the cap is met.
What runs becomes a seed like any other, with the snippet's origin and licence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import cycle, islice
from random import Random

from pyx_dataset.classroom.room import tally_of
from pyx_dataset.config import BuildConfig
from pyx_dataset.lessons import Attempt, Tally
from pyx_dataset.reasons import REASONS
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.pool import Job, JobResult, Sandbox
from pyx_dataset.schema import Example, Outcome, Rejected, Seed, Source
from pyx_dataset.seeds.functions import seeds_of
from pyx_dataset.seeds.modules import read_module
from pyx_dataset.seeds.snippets import snippets
from pyx_dataset.teacher.parse import Solved, Unreadable, read_program, read_solved
from pyx_dataset.teacher.prompts import Prompts
from pyx_dataset.teacher.protocol import Answer, Request, Teacher

_ERROR_CHARS = 1_000
"""How much of what went wrong is sent back."""


@dataclass(frozen=True, slots=True)
class Invented:
    """What came of asking for problems."""

    seeds: tuple[Seed, ...]
    rejected: tuple[Rejected, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class _Draft:
    """A task whose program has not passed yet."""

    name: str
    source: Source
    solved: Solved
    failed: tuple[Attempt, ...] = ()


def invent(
    seeds: Iterable[Seed],
    config: BuildConfig,
    teacher: Teacher,
    prompts: Prompts,
    sandbox: Sandbox,
) -> Invented:
    """
    Ask for ``config.teacher.problems`` tasks, each after a snippet of one of `seeds`.

    `seeds` are gone through once, and few are held.

    Raises:
        TeacherError: the teacher cannot be asked; what it has answered is in its cache.
    """
    rng = rng_for(config.seed, "problems")
    drawn = _drawn(seeds, config.teacher.problems, rng)
    # Fewer seeds than problems are shown again, by other snippets.
    shown = list(islice(cycle(drawn), config.teacher.problems))
    requests = [_request(number, seed, prompts, rng) for number, seed in enumerate(shown)]
    answers = teacher.ask(requests)
    passed: list[Seed] = []
    rejected: list[Rejected] = []
    drafts: list[_Draft] = []
    for request, answer, seed in zip(requests, answers, shown, strict=True):
        try:
            drafts.append(_Draft(request.subject, seed.source, read_solved(_text(answer))))
        except Unreadable as exc:
            reason = "answer_cut" if answer.is_cut else "not_in_layout"
            rejected.append(Rejected("taught problem", reason, request.subject, str(exc)))
    for repairs_left in range(config.teacher.repairs, -1, -1):
        runs = sandbox.run(
            Job(draft.name, draft.solved.code, draft.solved.calls) for draft in drafts
        )
        tried = [_tried(*pair, config) for pair in zip(drafts, runs, strict=True)]
        passed += [replace(item, teacher=teacher.name, prompt_hash=prompts["problem"].hash)
                   for item in tried if isinstance(item, Seed)]  # fmt: skip
        drafts = [item for item in tried if isinstance(item, _Draft)]
        if not drafts or not repairs_left:
            break
        fixes = teacher.ask([_repair(draft, prompts) for draft in drafts])
        answers += fixes
        drafts = [_repaired(draft, fix) for draft, fix in zip(drafts, fixes, strict=True)]
    for draft in drafts:
        last = draft.failed[-1]
        rejected.append(Rejected("taught problem", last.reason, draft.name, last.detail))
    return Invented(tuple(passed), tuple(rejected), tally_of("problem", answers, len(passed)))


def _drawn(seeds: Iterable[Seed], n: int, rng: Random) -> list[Seed]:
    """`n` of `seeds`, each as likely as any other (Vitter 1985, algorithm R)."""
    found: list[Seed] = []
    for number, seed in enumerate(seeds):
        if number < n:
            found.append(seed)
        elif (place := rng.randrange(number + 1)) < n:
            found[place] = seed
    return found


def _request(number: int, seed: Seed, prompts: Prompts, rng: Random) -> Request:
    prompt = prompts["problem"]
    (snippet,) = snippets(seed.code, rng, 1) or [seed.code.rstrip()]
    return Request("problem", f"problem {number}", prompt.render(snippet=snippet), prompt.hash)


def _text(answer: Answer) -> str:
    if answer.error or not answer.text.strip():
        raise Unreadable(answer.error or "an empty answer")
    return answer.text


def _tried(draft: _Draft, run: JobResult, config: BuildConfig) -> Seed | _Draft:
    """The seed that a draft has become, or the draft with one more failure."""
    solved = draft.solved
    attempt = _failure(solved, run)
    if attempt is None:
        entry = solved.calls[0].partition("(")[0]
        module = read_module("solution.py", solved.code)
        for item in seeds_of(module, {module.name: module}, draft.source, config):
            if isinstance(item, Seed) and item.entry_point == entry:
                examples = tuple(Example(call, None) for call in solved.calls)
                return replace(item, source=draft.source, instruction=solved.problem,
                               examples=examples, failed=draft.failed)  # fmt: skip
            if isinstance(item, Rejected) and item.subject == f"{module.name}.{entry}":
                detail = f"{REASONS[item.reason]}: {item.detail}".rstrip(": ")
                attempt = Attempt(solved.code, item.reason, detail)
    assert attempt is not None, "its calls ran, so the function is there"
    return replace(draft, failed=tuple(dict.fromkeys((*draft.failed, attempt))))


def _failure(solved: Solved, run: JobResult) -> Attempt | None:
    """What went wrong when the calls ran. A call that raises may mean to, but not most of them."""
    bad = [(call, result) for call, result in zip(solved.calls, run.calls, strict=True)
           if result.outcome not in (Outcome.RETURNED, Outcome.RAISED)]  # fmt: skip
    raised = [(call, result) for call, result in zip(solved.calls, run.calls, strict=True)
              if result.outcome is Outcome.RAISED]  # fmt: skip
    if not bad and 2 * len(raised) > len(run.calls):
        bad = raised
    for call, result in bad:
        detail = f"{call}: {result.outcome}, {result.exception}"
        return Attempt(solved.code, result.outcome.value, detail[:_ERROR_CHARS])
    return None


def _repair(draft: _Draft, prompts: Prompts) -> Request:
    last, prompt = draft.failed[-1], prompts["repair"]
    text = prompt.render(problem=draft.solved.problem, code=last.code.rstrip(), error=last.detail)
    return Request("repair", draft.name, text, prompt.hash)


def _repaired(draft: _Draft, fix: Answer) -> _Draft:
    """The draft with the new program; with the old one, which fails again, if there is none."""
    try:
        return replace(draft, solved=replace(draft.solved, code=read_program(fix.text)))
    except Unreadable:
        return draft
