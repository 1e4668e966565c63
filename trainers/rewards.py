"""Rewards that only a right answer and right steps can earn.

Both are decided outside the model's reach: an answer is parsed, never executed; of a proposed
input only the published program runs, in the sandbox, on literal values; and a step counts if the
program's own trace confirms it. What is not an answer earns nothing.
"""

from collections.abc import Callable
from typing import Any

from pyx_dataset import Sandbox
from pyx_dataset.answers import proposed_call
from pyx_dataset.faithfulness import Account, told_shares
from pyx_dataset.grading import InputTask, grade_inputs, grade_output
from pyx_dataset.layout import MONOLOGUE_CLOSE
from pyx_dataset.schema import Direction

Conversation = list[dict[str, str]]
Reward = Callable[..., list[float]]


def answer_reward(sandbox: Sandbox) -> Reward:
    """1 for a completion whose final answer is right, else 0; TRL's interface."""

    def final_answer(completions: list[Conversation], **rows: Any) -> list[float]:
        texts = [said(item) for item in completions]
        scores = [0.0] * len(texts)
        asked: list[tuple[int, InputTask]] = []
        for place, (text, row) in enumerate(zip(texts, by_row(rows), strict=True)):
            if row["task"] == "output":
                verdict = grade_output(row["code"], row["call"], row["value"], text)
                scores[place] = float(verdict.passed)
            else:
                task = InputTask(row["code"], row["value"], text, row["entry_point"])
                asked.append((place, task))
        verdicts = grade_inputs([task for _, task in asked], sandbox)
        for (place, _), verdict in zip(asked, verdicts, strict=True):
            scores[place] = float(verdict.passed)
        return scores

    return final_answer


def steps_reward(sandbox: Sandbox) -> Reward:
    """
    The share of the run that a completion tells before its first wrong claim, 0 to 1.

    Forward the run is that of the question's call; backward that of the call that the completion
    proposes, and without one there is nothing to earn.
    """

    def right_steps(completions: list[Conversation], **rows: Any) -> list[float]:
        scores = [0.0] * len(completions)
        places: list[int] = []
        accounts: list[Account] = []
        for place, (item, row) in enumerate(zip(completions, by_row(rows), strict=True)):
            text = said(item)
            if account := _account(text, row):
                places.append(place)
                accounts.append(account)
        for place, share in zip(places, told_shares(accounts, sandbox), strict=True):
            scores[place] = share
        return scores

    return right_steps


def said(completion: Conversation) -> str:
    """The text of a completion, which TRL gives as chat messages."""
    return completion[-1]["content"]


def by_row(rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The columns that TRL passes beside the completions, row by row."""
    names = ("task", "code", "entry_point", "call", "value")
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*(rows[name] for name in names), strict=True)
    ]


def _account(text: str, row: dict[str, Any]) -> Account | None:
    monologue, closing, answer = text.partition(MONOLOGUE_CLOSE)
    if not closing:
        return None
    direction: Direction = "forward" if row["task"] == "output" else "backward"
    call = row["call"]
    if direction == "backward":
        try:
            call = proposed_call(row["code"], answer, row["entry_point"])
        except ValueError:
            return None
    return Account(row["code"], call, (monologue,), direction)
