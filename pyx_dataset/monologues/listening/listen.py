"""Hold free prose against a run: what it says has to be so somewhere where it may be meant.

Prose names a line loosely, skips passes, comes back to what it said. So a claim is confirmed where
the run shows it at the place that is named, and contradicted only where the run never shows it:
not in the pass, not on the line, not in any value that the words could stand for.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyx_dataset.layout import LABEL_OFFSET
from pyx_dataset.monologues.claims import claims
from pyx_dataset.monologues.listening.facts import Facts
from pyx_dataset.monologues.listening.loose import bare_condition, statements
from pyx_dataset.monologues.listening.prose import CODE, Sentence, sentences
from pyx_dataset.monologues.listening.scopes import Scopes
from pyx_dataset.monologues.listening.weigh import Scales
from pyx_dataset.monologues.run.literals import Unknown, expression
from pyx_dataset.monologues.verdicts import Finding, whole
from pyx_dataset.schema import Claim, Trace


@dataclass(frozen=True, slots=True)
class Heard:
    """A claim of a sentence and what the run says about it."""

    sentence: Sentence
    claim: Claim
    finding: Finding
    place: int | None
    """Where in the story it was held against the run."""


def listen(text: str, trace: Trace, offset: int = LABEL_OFFSET) -> Iterator[Heard]:
    """Every claim of `text`, in order, with its verdict."""
    scales = Scales(trace)
    listener = _Listener(scales.facts)
    scopes = Scopes(scales.story, scales.facts.plan, "teration 0" in text)
    for sentence in sentences(text, offset):
        if sentence.text.startswith("assert "):
            source = CODE.sub(lambda number: sentence.spans[int(number[1])], sentence.text)  # noqa: B023
            for claim in claims(source, trace.code, offset):
                yield Heard(sentence, claim, whole(claim, trace), None)
            continue
        scope = scopes.follow(sentence)
        for claim in listener.claims(sentence):
            finding, place = scales.weigh(claim, sentence, scope)
            yield Heard(sentence, claim, finding, place)


class _Listener:
    """Knows the program, and what was spoken of last."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.condition = ""
        """What "the condition" means."""
        found = {id(item): item for item in self.facts.plan.by_line.values()}.values()
        self.tests = [(item.kind, item.test) for item in found if item.test is not None]

    def claims(self, sentence: Sentence) -> Iterator[Claim]:
        """The claims of a sentence, "the condition" replaced by what it stands for."""
        if sentence.is_lead and sentence.indent == 0:
            self.condition = ""
        for number in CODE.findall(sentence.text):
            code = bare_condition(sentence.spans[int(number)])
            if self._is_condition(code):
                self.condition = code
        for claim in statements(sentence, self.facts):
            if claim.kind == "branch" and not claim.subject:
                condition = self.condition or self._only_test(sentence.label)
                yield replace(claim, kind="value", subject=condition) if condition else claim
            else:
                yield claim
            if claim.value in ("True", "False") and (test := self._test_like(claim.subject)):
                yield replace(claim, kind="value", subject=test)

    def _is_condition(self, code: str) -> bool:
        try:
            node = expression(code)
        except Unknown:
            return False
        is_test = any(ast.dump(node) == ast.dump(test) for _, test in self.tests)
        return is_test or (
            isinstance(node, ast.Compare | ast.BoolOp)
            and any(isinstance(part, ast.Name) for part in ast.walk(node))
        )

    def _only_test(self, label: int | None) -> str:
        """The condition of the only ``if``, where no line says which one is meant."""
        tests = [test for kind, test in self.tests if kind == "if"]
        statement = self.facts.plan.by_line.get(label or 0)
        if statement is not None:
            return ast.unparse(statement.test) if statement.test else ""
        return ast.unparse(tests[0]) if len(tests) == 1 else ""

    def _test_like(self, subject: str) -> str:
        """The one condition that `subject`, a comparison of values, is an instance of."""
        try:
            node = expression(subject)
        except Unknown:
            return ""
        if not isinstance(node, ast.Compare) or any(
            isinstance(part, ast.Name) for part in ast.walk(node)
        ):
            return ""
        kinds = [type(op) for op in node.ops]
        alike = [test for _, test in self.tests if isinstance(test, ast.Compare)
                 and [type(op) for op in test.ops] == kinds]  # fmt: skip
        parts = [part for part in self.facts.parts if isinstance(part.node, ast.Compare)
                 and [type(op) for op in part.node.ops] == kinds]  # fmt: skip
        return ast.unparse(alike[0]) if len(alike) == len(parts) == 1 else ""
