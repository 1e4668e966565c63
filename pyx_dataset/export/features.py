"""The published columns, written and not guessed, each with what it means."""

from datasets import ClassLabel, Features, List, Value

from pyx_dataset.schema import EVENTS

_MESSAGES = List({"role": Value("string"), "content": Value("string")})
_SOURCE = {
    "distribution": Value("string"),
    "version": Value("string"),
    "license": Value("string"),
    "path": Value("string"),
    "line": Value("int32"),
}
_STEPS = List(
    {
        "line": Value("int32"),
        "event": ClassLabel(names=list(EVENTS)),
        "depth": Value("int32"),
        "function": Value("string"),
        "changed": List({"name": Value("string"), "value": Value("string")}),
        "value": Value("string"),
    }
)
_PROGRAM = {
    "code": Value("string"),
    "entry_point": Value("string"),
}
_TEACHER = {
    "teacher": Value("string"),
    "prompt_hash": Value("string"),
}
_MONOLOGUE = {
    "id": Value("string"),
    "program_id": Value("string"),
    "execution_id": Value("string"),
    "family": Value("string"),
    "prompt": _MESSAGES,
    "completion": _MESSAGES,
    **_PROGRAM,
    "call": Value("string"),
    "value": Value("string"),
    "answer": Value("string"),
    "claims_confirmed": Value("int32"),
    "claims_unchecked": Value("int32"),
    "words": Value("int32"),
    **_TEACHER,
    "source": _SOURCE,
}

FEATURES: dict[str, Features] = {
    "default": Features(
        {
            "id": Value("string"),
            "nl": Value("string"),
            "fwd_mnl": Value("string"),
            "bwd_mnl": Value("string"),
            "response": Value("string"),
        }
    ),
    "programs": Features(
        {
            "id": Value("string"),
            "family": Value("string"),
            "instruction": Value("string"),
            **_PROGRAM,
            "signature": Value("string"),
            "tests": List(Value("string")),
            "n_executions": Value("int32"),
            "coverage": Value("float64"),
            "branch_coverage": Value("float64"),
            "difficulty": {
                "steps": Value("int32"),
                "loops": Value("int32"),
                "nesting": Value("int32"),
                "value_chars": Value("int32"),
            },
            "python_version": Value("string"),
            **_TEACHER,
            "source": _SOURCE,
        }
    ),
    "executions": Features(
        {
            "id": Value("string"),
            "program_id": Value("string"),
            "family": Value("string"),
            **_PROGRAM,
            "call": Value("string"),
            "outcome": Value("string"),
            "value": Value("string"),
            "exception": Value("string"),
            "steps": _STEPS,
            "n_steps": Value("int32"),
            "is_deterministic": Value("bool"),
            "source": _SOURCE,
        }
    ),
    "nl2code": Features(
        {
            "id": Value("string"),
            "program_id": Value("string"),
            "family": Value("string"),
            "prompt": _MESSAGES,
            "completion": _MESSAGES,
            **_PROGRAM,
            "tests": List(Value("string")),
            **_TEACHER,
            "source": _SOURCE,
        }
    ),
    "forward": Features(_MONOLOGUE),
    "backward": Features({**_MONOLOGUE, "n_supposed": Value("int32")}),
    "debug": Features(
        {
            "id": Value("string"),
            "program_id": Value("string"),
            "family": Value("string"),
            "prompt": _MESSAGES,
            "completion": _MESSAGES,
            **_PROGRAM,
            "buggy_code": Value("string"),
            "buggy_teacher": Value("string"),
            "buggy_prompt_hash": Value("string"),
            "refined": Value("string"),
            "operator": Value("string"),
            "line": Value("int32"),
            "lines": List(Value("int32")),
            "call": Value("string"),
            "expected": Value("string"),
            "outcome": Value("string"),
            "value": Value("string"),
            "exception": Value("string"),
            "failing": List(Value("string")),
            "passing": List(Value("string")),
            "divergence_step": Value("int32"),
            "divergence_fixed_step": Value("int32"),
            "divergence_line": Value("int32"),
            "is_aligned": Value("bool"),
            "claims_confirmed": Value("int32"),
            "claims_unchecked": Value("int32"),
            "words": Value("int32"),
            **_TEACHER,
            "source": _SOURCE,
        }
    ),
    "pyx_r": Features(
        {"id": Value("string"), "fault": Value("string"), "response": Value("string")}
    ),
    "preference": Features(
        {
            "id": Value("string"),
            "program_id": Value("string"),
            "execution_id": Value("string"),
            "chosen_id": Value("string"),
            "family": Value("string"),
            "task": Value("string"),
            "prompt": _MESSAGES,
            "chosen": _MESSAGES,
            "rejected": _MESSAGES,
            "reason": Value("string"),
            "detail": Value("string"),
            **_PROGRAM,
            "call": Value("string"),
            "value": Value("string"),
            **_TEACHER,
            "source": _SOURCE,
        }
    ),
    "rl": Features(
        {
            "id": Value("string"),
            "program_id": Value("string"),
            "execution_id": Value("string"),
            "family": Value("string"),
            "prompt": _MESSAGES,
            "task": Value("string"),
            "style": Value("string"),
            **_PROGRAM,
            "call": Value("string"),
            "value": Value("string"),
            "source": _SOURCE,
        }
    ),
}
"""Columns of every config; the first config is the one that is loaded by default."""

MEANING: dict[str, str] = {
    "answer": "the assertion that ends the completion; backward it holds the deduced call",
    "branch_coverage": "share of the ways on from its `if`, `for`, `while` and `case` lines, to "
    "another line or out of the function, that its executions took, 0 to 1",
    "buggy_code": "`code` broken by one edit, or what a model wrote in its place",
    "buggy_prompt_hash": "of the prompt file that the model was asked with that wrote "
    "`buggy_code`; empty where an edit of ours broke it",
    "buggy_teacher": "the model that wrote `buggy_code`; empty where an edit of ours broke it",
    "bwd_mnl": "task body: program and output, the input is asked; else empty",
    "call": "the call that was executed; of a bug, the failing one that the completion tells",
    "chosen": "the better answer: the completion of `chosen_id`",
    "chosen_id": "row of `forward`, `backward`, `nl2code` or `debug`",
    "claims_confirmed": "statements of the monologue that the trace confirms",
    "claims_unchecked": "statements that a trace cannot decide; contradicted ones are never kept",
    "code": "self-contained source",
    "completion": "chat messages to learn",
    "coverage": "share of the program's executable lines that its executions ran, 0 to 1",
    "detail": "the claim that the run contradicts and what it found, or why else it is worse",
    "difficulty": "median steps of its traces, loops in the code, deepest nesting of blocks, "
    "characters of the longest value in its traces",
    "divergence_fixed_step": "the step of the right program, from 0, in place of it",
    "divergence_line": "line of `buggy_code` of the first step that differs",
    "divergence_step": "first step, from 0, of the broken program's trace of `call` that differs",
    "entry_point": "the function that is called",
    "exception": "type, message and line where the call raised; else null",
    "execution_id": "row of `executions`",
    "expected": "what `call` gives when the program is right",
    "failing": "assertions that the broken program fails, that of `call` first",
    "fault": "task body: problem, broken program with line labels, failed test",
    "family": "near duplicates and programs that share a function: never in two splits",
    "fwd_mnl": "task body: labelled program and call, the value is asked; else empty",
    "id": "unique in its config and stable from build to build",
    "instruction": "what the function is for, in its author's words; may be empty",
    "is_aligned": "false where `buggy_code` and `refined` share too little for a first wrong step; "
    "the divergence is then the end of the call",
    "is_deterministic": "runs under different hash seeds agreed",
    "line": "first line of `buggy_code` that differs from `refined`",
    "lines": "all lines of `buggy_code` that `refined` lacks or has otherwise",
    "n_executions": "rows of `executions` for this program",
    "n_steps": "length of `steps`",
    "n_supposed": "arguments of the answer that are tried, not deduced; 0 where all follow",
    "nl": "task body: description and signature, the program is asked; else empty",
    "operator": "the kind of edit that broke the program; `model` where a model wrote it",
    "outcome": "how the call ended: `returned`, or `raised`",
    "passing": "assertions that the broken program passes",
    "program_id": "row of `programs`",
    "prompt": "chat messages to condition on",
    "prompt_hash": "of the prompt file that a model was asked with; empty for the narrator",
    "python_version": "CPython that ran it",
    "reason": "why the other answer is worse, of a closed set",
    "refined": "the right program in the completion: `code`, or one that gives the same in all "
    "tests and is nearer to `buggy_code`, or a model's own",
    "rejected": "the worse answer",
    "response": "the completion's text",
    "signature": "of the entry point, as written",
    "source": "distribution, version, SPDX licence, path inside it and line",
    "steps": "the trace: line, event, call depth, function, variables that got another value, "
    "and the value returned or exception raised",
    "style": "`direct`: the answer alone is asked for; `monologue`: reasoning before it",
    "task": "`forward`, `backward`, `nl2code` or `debug`; of `rl`, what is asked: `output` or "
    "`input`",
    "teacher": "who wrote it: `narrator`, or the name of a model; of a program, empty where "
    "people did",
    "tests": "assertions that held when the program was executed",
    "value": "canonical `repr` of what the call returned: plain data, sets sorted",
    "words": "length of the monologue",
}
"""What each column holds, for the card."""
