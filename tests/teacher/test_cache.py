"""Answers outlive the process that got them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pyx_dataset.errors import StoreError
from pyx_dataset.teacher.cache import Answers
from pyx_dataset.teacher.protocol import Answer

WRITER = """
import sys
from pathlib import Path
from pyx_dataset.teacher.cache import Answers
from pyx_dataset.teacher.protocol import Answer
answers = Answers(Path(sys.argv[1]))
for number in range(100_000):
    answers.put(f"key {number}", "m", "forward", Answer("x" * 2000, number, 1))
    print(number, flush=True)
"""


def test_every_answer_that_was_put_survives_a_kill(tmp_path: Path) -> None:
    """The writer says each number behind `put`; all that it said are there."""
    file = tmp_path / "answers"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        said = [int(line) for line, _ in zip(writer.stdout, range(200), strict=False)]
        os.kill(writer.pid, signal.SIGKILL)
        said += [int(line) for line in writer.stdout]

    with Answers(file) as answers:
        assert [answers.get(f"key {number}") for number in said] == [
            Answer("x" * 2000, number, 1) for number in said
        ]


@pytest.mark.parametrize(
    "answer",
    [Answer("é\x00 \n", 1, 2, is_cut=True), Answer("", 0, 0, error="status 400: too long")],
)
def test_an_answer_comes_back_as_it_was(tmp_path: Path, answer: Answer) -> None:
    """Also from another connection; the first answer under a key stays."""
    with Answers(tmp_path / "answers") as answers, Answers(tmp_path / "answers") as others:
        answers.put("key", "m", "forward", answer)
        others.put("key", "m", "forward", Answer("another", 9, 9))

        assert others.get("key") == answers.get("key") == answer
        assert answers.get("no such") is None
        assert answers.knows("m")
        assert not answers.knows("other")


def test_a_file_that_is_something_else_is_one_clear_error(tmp_path: Path) -> None:
    """It is not overwritten."""
    file = tmp_path / "answers"
    file.write_text("my notes\n" * 1000)

    with pytest.raises(StoreError, match=r"answers in .* cannot be read or kept"):
        Answers(file)
    assert file.read_text() == "my notes\n" * 1000
