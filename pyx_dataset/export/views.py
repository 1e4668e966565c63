"""What each config shows of a kept program, as rows.

A row of `forward`, `backward` or `nl2code` and the row of `default` with the same id are one
example in two layouts.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial

from pyx_dataset import layout
from pyx_dataset.export.difficulty import difficulty
from pyx_dataset.export.pairs import preference_rows, rl_rows
from pyx_dataset.lessons import NARRATOR
from pyx_dataset.published import Row, step_row
from pyx_dataset.schema import Bundle, Execution, Outcome, Told

View = Callable[[Bundle], Iterator[Row]]


def views(python_version: str) -> dict[str, View]:
    """One function from bundle to rows for each config of a build made by `python_version`."""
    return {
        "default": default,
        "programs": partial(programs, python_version=python_version),
        "executions": executions,
        "nl2code": nl2code,
        "forward": forward,
        "backward": backward,
        "debug": debug,
        "pyx_r": pyx_r,
        "preference": preference,
        "rl": rl,
    }


def programs(bundle: Bundle, python_version: str) -> Iterator[Row]:
    """The program itself."""
    seed = bundle.program.seed
    yield {
        "id": bundle.program.id,
        "family": bundle.program.family,
        "instruction": seed.instruction,
        "code": seed.code,
        "entry_point": seed.entry_point,
        "signature": seed.signature,
        "tests": _tests(bundle),
        "n_executions": len(bundle.executions),
        "coverage": bundle.coverage,
        "branch_coverage": bundle.branch_coverage,
        "difficulty": difficulty(seed.code, [item.trace.steps for item in bundle.executions]),
        "python_version": python_version,
        "teacher": seed.teacher,
        "prompt_hash": seed.prompt_hash,
        "source": asdict(seed.source),
    }


def executions(bundle: Bundle) -> Iterator[Row]:
    """Its calls, each with its trace."""
    for execution in bundle.executions:
        trace = execution.trace
        yield {
            "id": execution.id,
            "program_id": bundle.program.id,
            "family": bundle.program.family,
            "code": trace.code,
            "entry_point": bundle.program.seed.entry_point,
            "call": trace.call,
            "outcome": trace.outcome.value,
            "value": trace.value,
            "exception": trace.exception,
            "steps": [step_row(step) for step in trace.steps],
            "n_steps": len(trace.steps),
            "is_deterministic": execution.is_deterministic,
            "source": asdict(bundle.program.seed.source),
        }


def nl2code(bundle: Bundle) -> Iterator[Row]:
    """The program as the answer to its description, where it has one."""
    seed = bundle.program.seed
    if seed.instruction.strip():
        yield {
            "id": f"nl_{bundle.program.id}",
            "program_id": bundle.program.id,
            "family": bundle.program.family,
            "prompt": layout.nl2code_prompt(seed.instruction, seed.signature),
            "completion": layout.code_completion(seed.code),
            "code": seed.code,
            "entry_point": seed.entry_point,
            "tests": _tests(bundle),
            "teacher": seed.teacher,
            "prompt_hash": seed.prompt_hash,
            "source": asdict(seed.source),
        }


def forward(bundle: Bundle) -> Iterator[Row]:
    """From the call to its value."""
    for told, execution, name in _told(bundle, bundle.forward):
        prompt = layout.forward_prompt(execution.trace.code, execution.trace.call)
        yield _monologue_row(bundle, told, execution, f"fwd_mnl_{name}", prompt)


def backward(bundle: Bundle) -> Iterator[Row]:
    """From the value to a call that gives it."""
    for told, execution, name in _told(bundle, bundle.backward):
        trace = execution.trace
        prompt = layout.backward_prompt(
            trace.code, bundle.program.seed.entry_point, _value(execution)
        )
        row = _monologue_row(bundle, told, execution, f"bwd_mnl_{name}", prompt)
        yield {**row, "n_supposed": told.monologue.supposed}


def debug(bundle: Bundle) -> Iterator[Row]:
    """From a failing test to what is wrong, and to the right program."""
    seed = bundle.program.seed
    tests = {
        item.id: layout.assertion(item.trace.call, item.trace.value or "")
        for item in bundle.executions
    }
    told = {item.id: item.trace for item in bundle.executions}
    for bug in bundle.debugged:
        failing, passing = ([tests[name] for name in names] for names in (bug.failing, bug.passing))
        yield {
            "id": bug.id,
            "program_id": bundle.program.id,
            "family": bundle.program.family,
            "prompt": debug_prompt(seed.instruction, seed.signature, passing, bug.code, failing),
            "completion": layout.assistant(layout.debug_response(bug.rationale.text, bug.refined)),
            "code": seed.code,
            "entry_point": seed.entry_point,
            "buggy_code": bug.code,
            "buggy_teacher": bug.writer,
            "buggy_prompt_hash": bug.writer_hash,
            "refined": bug.refined,
            "operator": bug.operator,
            "line": bug.line,
            "lines": list(bug.lines),
            "call": told[bug.failing[0]].call,
            "expected": told[bug.failing[0]].value,
            "outcome": bug.outcome,
            "value": bug.value,
            "exception": bug.exception,
            "failing": failing,
            "passing": passing,
            "divergence_step": bug.divergence.step,
            "divergence_fixed_step": bug.divergence.fixed_step,
            "divergence_line": bug.divergence_line,
            "is_aligned": bug.divergence.is_aligned,
            "claims_confirmed": bug.rationale.confirmed,
            "claims_unchecked": bug.rationale.unchecked,
            "words": len(bug.rationale.text.split()),
            "teacher": bug.rationale.teacher,
            "prompt_hash": bug.rationale.prompt_hash,
            "source": asdict(seed.source),
        }


def debug_prompt(
    instruction: str, signature: str, passing: list[str], code: str, failing: list[str]
) -> list[layout.Message]:
    """The problem with the first tests that pass, the broken program and the test that fails."""
    shown = passing[: layout.SHOWN_PASSING]
    return layout.debug_prompt(layout.fault_body(instruction, signature, shown, code, failing[0]))


def pyx_r(bundle: Bundle) -> Iterator[Row]:
    """Bugs in the public PyX-R fields."""
    for row in debug(bundle):
        yield pyx_r_row(row)


def pyx_r_row(row: Row) -> Row:
    """The row of `pyx_r` for a `row` of `debug`."""
    response = row["completion"][0]["content"]
    return {"id": row["id"], "fault": layout.fault_of(row["prompt"]), "response": response}


def default(bundle: Bundle) -> Iterator[Row]:
    """All examples in the public PyX fields: one of `nl`, `fwd_mnl`, `bwd_mnl` is not empty."""
    for task, view in (("nl2code", nl2code), ("forward", forward), ("backward", backward)):
        for row in view(bundle):
            yield default_row(task, row)


def default_row(task: str, row: Row) -> Row:
    """The row of `default` for a `row` of the config `task`."""
    bodies = {"nl": "", "fwd_mnl": "", "bwd_mnl": ""}
    if task == "nl2code":
        bodies["nl"] = row["prompt"][0]["content"].removeprefix(layout.CODE_ASK).lstrip()
    elif task == "forward":
        bodies["fwd_mnl"] = layout.forward_body(row["code"], row["call"])
    else:
        bodies["bwd_mnl"] = layout.backward_body(row["code"], row["entry_point"], row["value"])
    return {"id": row["id"], **bodies, "response": row["completion"][0]["content"]}


def preference(bundle: Bundle) -> Iterator[Row]:
    """Answers that failed a check, each beside a better one to the same prompt."""
    better = {"forward": forward(bundle), "backward": backward(bundle), "nl2code": nl2code(bundle),
              "debug": debug(bundle)}  # fmt: skip
    return preference_rows(bundle, better)


def rl(bundle: Bundle) -> Iterator[Row]:
    """Output and input prediction for each execution that an assertion can state."""
    return rl_rows(row for row in executions(bundle) if assertion_of(row))


def _told(bundle: Bundle, monologues: tuple[Told, ...]) -> Iterator[tuple[Told, Execution, str]]:
    """Each monologue with the execution it tells and ``<program>_ipt<number of the call>``."""
    places = {execution.id: place for place, execution in enumerate(bundle.executions)}
    for told in monologues:
        place = places[told.execution_id]
        # The narrator tells an execution once, a model as often as it is asked.
        of_model = "" if told.teacher == NARRATOR else f"_t{told.sample}"
        yield told, bundle.executions[place], f"{bundle.program.id}_ipt{place}{of_model}"


def _monologue_row(
    bundle: Bundle, told: Told, execution: Execution, name: str, prompt: list[layout.Message]
) -> Row:
    monologue = told.monologue
    return {
        "id": name,
        "program_id": bundle.program.id,
        "execution_id": execution.id,
        "family": bundle.program.family,
        "prompt": prompt,
        "completion": layout.monologue_completion(monologue.text, monologue.answer),
        "code": execution.trace.code,
        "entry_point": bundle.program.seed.entry_point,
        "call": execution.trace.call,
        "value": _value(execution),
        "answer": monologue.answer,
        "claims_confirmed": told.confirmed,
        "claims_unchecked": told.unchecked,
        "words": len(monologue.text.split()),
        "teacher": told.teacher,
        "prompt_hash": told.prompt_hash,
        "source": asdict(bundle.program.seed.source),
    }


def _value(execution: Execution) -> str:
    value = execution.trace.value
    assert value is not None, f"a monologue tells {execution.id}, which returned nothing"
    return value


def assertion_of(row: Row) -> str | None:
    """The assertion that a row of `executions` supports, None where ``==`` cannot state it."""
    if row["outcome"] != Outcome.RETURNED:
        return None
    # `nan` equals nothing, itself included, and `inf` is no literal.
    names = {node.id for node in ast.walk(ast.parse(row["value"])) if isinstance(node, ast.Name)}
    is_stated = names <= {"set", "frozenset"}
    return layout.assertion(row["call"], row["value"]) if is_stated else None


def _tests(bundle: Bundle) -> list[str]:
    return [test for row in executions(bundle) if (test := assertion_of(row))]
