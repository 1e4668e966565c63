"""The public text layout: tags, headings, line labels, prompts and answers.

Tags and headings are those of PyX (Ding et al., SemCoder, NeurIPS 2024, arXiv 2406.01006,
appendix F and the released data), because data sets, checkpoints and scorers that exist
read and write them. The instruction sentences are ours.
"""

import ast
from collections.abc import Sequence
from typing import Literal

LABEL_OFFSET = 4
"""What is added to a line's number in its ``[Ln]`` label; the public checkpoints saw L5 first."""

FORWARD_HEADINGS = (
    "### Understanding the Function",
    "### Key Properties and Constraints",
    "### Execution Simulation",
    "### Conclusion",
)
BACKWARD_HEADINGS = (
    "### Understanding the Function",
    "### Key Properties and Constraints",
    "### Reverse Deduction",
    "### Conclusion",
)

DEBUG_HEADINGS = (
    "### Execution Simulation",
    "### Root Cause Analysis",
    "### Bug Fixing",
)
FAULT_HEADINGS = ("### Problem", "### Buggy Solution", "### Failed Test")

ANSWER_OPEN, ANSWER_CLOSE = "[ANSWER]", "[/ANSWER]"
MONOLOGUE_OPEN, MONOLOGUE_CLOSE = "[MONOLOGUE]", "[/MONOLOGUE]"
SHOWN_PASSING = 3
"""Passing tests that a debugging problem shows."""
REFINED_OPEN, REFINED_CLOSE = "[Refined]", "[/Refined]"
TRACE_OPEN, TRACE_CLOSE = "[TRACE]", "[/TRACE]"

Message = dict[Literal["role", "content"], str]

FORWARD_ASK = (
    "Simulate the execution of the program step by step, line by line in the order they run, "
    "and complete the assertion with the value that the call returns."
)
BACKWARD_ASK = (
    "Reason backward from the output: deduce what the input must have been, and complete the "
    "assertion with arguments for which it holds. Any input that gives the output is right."
)
DEBUG_ASK = (
    "The solution below fails a test. Simulate the failing call step by step, find the first step "
    "that goes wrong and why, and give the whole program with the mistake corrected."
)
REFINE_ASK = "The solution below fails a test. Give the whole program with the mistake corrected."
OUTPUT_ASK = "Complete the assertion with the value that the call returns."
INPUT_ASK = "Complete the assertion with arguments for which it holds."
TraceStyle = Literal["scratchpad", "next", "concise"]
"""The trace formats that monologues were compared with (SemCoder, section 6)."""
TRACE_ASKS: dict[TraceStyle, str] = {
    "scratchpad": "Repeat the program and write behind each line the states that it leaves.",
    "next": (
        "Repeat the program and write behind each line the states that it leaves, numbered in "
        "the order in which they come; of more than three, only the first two and the last."
    ),
    "concise": "List the lines that run, in order, by label, each with what it changes.",
}
TRACE_INPUT_ASK = "Think of a call for which the assertion holds."
CODE_ASK = "Write a Python function that solves the task. Reply with the code only."


def signature_of(code: str, name: str) -> str:
    r"""
    How the program declares `name`.

    >>> signature_of("def f(x: int, *, k=1) -> str:\n    return str(x)", "f")
    'f(x: int, *, k=1) -> str'
    """
    node = next(
        item
        for item in ast.parse(code).body
        if isinstance(item, ast.FunctionDef) and item.name == name
    )
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{name}({ast.unparse(node.args)}){returns}"


def label_lines(code: str, offset: int = LABEL_OFFSET) -> str:
    r"""
    Put ``# [Ln]`` behind every line that is not blank.

    >>> label_lines("def f(x):\n    return x")
    'def f(x): # [L5]\n    return x # [L6]'
    """
    return "\n".join(
        f"{line} # [L{number + offset}]" if line.strip() else line
        for number, line in enumerate(code.rstrip("\n").split("\n"), start=1)
    )


def assertion(call: str, value: str) -> str:
    """The answer sentence of the field: ``assert f(1) == 2``."""
    return f"assert {call} == {value}"


def answer_block(answer: str) -> str:
    """`answer` in the tags that every scorer looks for."""
    return f"{ANSWER_OPEN}\n{answer}\n{ANSWER_CLOSE}"


def forward_body(code: str, call: str, offset: int = LABEL_OFFSET) -> str:
    """Program with line labels and the call whose value is asked: the `fwd_mnl` field."""
    return f"[PYTHON]\n{label_lines(code, offset)}\n{assertion(call, '??')}\n[/PYTHON]"


def backward_body(code: str, entry_point: str, value: str) -> str:
    """Program without labels and the value whose input is asked: the `bwd_mnl` field."""
    question = assertion(f"{entry_point}(??)", value)
    return f"[PYTHON]\n{code.rstrip()}\n{question}\n[/PYTHON]"


def output_body(code: str, call: str) -> str:
    """Program without labels and the call whose value is asked directly."""
    return f"[PYTHON]\n{code.rstrip()}\n{assertion(call, '??')}\n[/PYTHON]"


def user(content: str) -> list[Message]:
    """A prompt of one user turn."""
    return [{"role": "user", "content": content}]


def assistant(content: str) -> list[Message]:
    """A completion of one assistant turn."""
    return [{"role": "assistant", "content": content}]


def forward_prompt(code: str, call: str, offset: int = LABEL_OFFSET) -> list[Message]:
    """Ask for a forward monologue."""
    return user(f"{FORWARD_ASK}\n\n{forward_body(code, call, offset)}\n{MONOLOGUE_OPEN}")


def backward_prompt(code: str, entry_point: str, value: str) -> list[Message]:
    """Ask for a backward monologue."""
    return user(f"{BACKWARD_ASK}\n\n{backward_body(code, entry_point, value)}\n{MONOLOGUE_OPEN}")


def output_prompt(code: str, call: str) -> list[Message]:
    """Ask for the value of a call with no reasoning (output prediction, "direct")."""
    return user(f"{OUTPUT_ASK}\n\n{output_body(code, call)}\n{ANSWER_OPEN}")


def input_prompt(code: str, entry_point: str, value: str) -> list[Message]:
    """Ask for an input with no reasoning (input prediction, "direct")."""
    return user(f"{INPUT_ASK}\n\n{backward_body(code, entry_point, value)}\n{ANSWER_OPEN}")


def trace_prompt(style: TraceStyle, code: str, call: str) -> list[Message]:
    """Ask for the trace of a call and its value."""
    # The labels are the names of lines where the program is not repeated.
    body = forward_body(code, call) if style == "concise" else output_body(code, call)
    return user(f"{TRACE_ASKS[style]} {OUTPUT_ASK}\n\n{body}\n{TRACE_OPEN}")


def trace_input_prompt(style: TraceStyle, code: str, entry_point: str, value: str) -> list[Message]:
    """Ask for a call that gives `value`, by way of its trace."""
    shown = label_lines(code) if style == "concise" else code
    body = backward_body(shown, entry_point, value)
    return user(f"{TRACE_INPUT_ASK} {TRACE_ASKS[style]} {INPUT_ASK}\n\n{body}\n{TRACE_OPEN}")


def nl2code_prompt(instruction: str, signature: str) -> list[Message]:
    """Ask for a program from its description."""
    return user(f"{CODE_ASK}\n\n{instruction.strip()}\n\ndef {signature}:")


def fault_body(
    instruction: str, signature: str, passing: Sequence[str], code: str, failed: str
) -> str:
    """
    What is wrong, without the answer: the `fault` field of PyX-R.

    Args:
        instruction: What the function is for; may be empty.
        signature: Of the function.
        passing: Assertions that hold.
        code: The broken program, which is shown with line labels.
        failed: An assertion that does not hold.
    """
    problem = [*filter(None, [instruction.strip()]), f"Signature: `def {signature}`"]
    if passing:
        tests = "\n".join(passing)
        problem.append(f"Tests that it passes:\n{fenced(tests)}")
    parts = "\n\n".join(problem), fenced(label_lines(code)), fenced(failed)
    return "\n\n".join(
        f"{heading}\n{part}" for heading, part in zip(FAULT_HEADINGS, parts, strict=True)
    )


def fenced(code: str) -> str:
    """Python in a fence."""
    return f"```python\n{code.rstrip()}\n```"


def debug_prompt(fault: str) -> list[Message]:
    """Ask for what is wrong with a program and for a right one."""
    return user(f"{DEBUG_ASK}\n\n{fault}\n\n{MONOLOGUE_OPEN}")


def fault_of(prompt: list[Message]) -> str:
    """What `debug_prompt` asked about."""
    return prompt[0]["content"].removeprefix(DEBUG_ASK).removesuffix(MONOLOGUE_OPEN).strip()


def refine_prompt(fault: str) -> list[Message]:
    """Ask for a right program with no rationale."""
    return user(f"{REFINE_ASK}\n\n{fault}\n\n{REFINED_OPEN}")


def refined(code: str) -> str:
    """The mended program in its tags."""
    return f"{REFINED_OPEN}\n{fenced(code)}\n{REFINED_CLOSE}"


def debug_response(rationale: str, code: str) -> str:
    """A rationale, closed, and the mended program."""
    return f"{rationale.strip()}\n{MONOLOGUE_CLOSE}\n{refined(code)}"


def refine_completion(code: str) -> list[Message]:
    """Only the mended program."""
    return assistant(refined(code))


def monologue_completion(text: str, answer: str) -> list[Message]:
    """A monologue, closed, and its answer."""
    return assistant(f"{text.strip()}\n{MONOLOGUE_CLOSE}\n{answer_block(answer)}")


def trace_completion(text: str, answer: str) -> list[Message]:
    """A trace, closed, and the answer."""
    return assistant(f"{text}\n{TRACE_CLOSE}\n{answer_block(answer)}")


def direct_completion(answer: str) -> list[Message]:
    """Only the answer."""
    return assistant(answer_block(answer))


def code_completion(code: str) -> list[Message]:
    """A program in a fence."""
    return assistant(f"```python\n{code.strip()}\n```")
