"""Every prompt is answered once, and cut where it was asked to be."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.generate import (
    BATCH_ROWS,
    batches,
    converted,
    finish,
    load,
    model_digest,
    model_folder,
    shared_start,
    stop_callback,
)
from evaluation.prompts import Prompt
from pyx_dataset.errors import ConfigError, InputError
from pyx_dataset.layout import user

ids_lists = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=60), min_size=1, max_size=50)


class Letters:
    """A tokenizer whose tokens are code points; 0 ends a text."""

    eos_token_id = 0

    def decode(self, ids: list[int], **_: Any) -> str:
        """The text of `ids`."""
        return "".join(map(chr, ids))


@given(ids_lists, st.integers(1, 400))
def test_batches_hold_every_prompt_once(ids: list[list[int]], room: int) -> None:
    """None is lost and none is asked twice; a batch is bounded in rows and in spread."""
    made = list(batches(ids, room))
    assert sorted(index for batch in made for index in batch) == list(range(len(ids)))
    for batch in made:
        lengths = [len(ids[index]) for index in batch]
        assert len(batch) <= BATCH_ROWS
        assert max(lengths) - min(lengths) <= room // 8


@given(ids_lists)
def test_the_shared_start_is_shared_and_leaves_something(ids: list[list[int]]) -> None:
    """All prompts begin with it, and none is used up by it."""
    length = shared_start(ids)
    assert len({tuple(prompt[:length]) for prompt in ids}) == 1
    assert length < min(map(len, ids))


@given(st.text("ab\n\0", max_size=12))
def test_an_answer_is_cut_before_its_end_and_its_stop(text: str) -> None:
    """As `str.partition` cuts it."""
    made = finish(0, [ord(letter) for letter in text], Prompt([], "", ("\n",)), Letters(), 12)
    assert made.text == text.partition("\0")[0].partition("\n")[0]
    assert made.is_complete == (len(text) < 12 or "\0" in text or "\n" in text)


def test_a_stop_that_is_many_tokens_long_is_seen() -> None:
    """Answers of a batch are watched one by one."""
    is_done = stop_callback([("[/A]",), ("[/A]",)], Letters())
    said = [is_done(SimpleNamespace(batch_id=1, token_id=ord(one))) for one in "x[/A]"]
    assert said == [False] * 4 + [True]
    assert not is_done(SimpleNamespace(batch_id=0, token_id=ord("]")))


def test_a_folder_that_is_no_model_is_said(tmp_path: Path) -> None:
    """With what it lacks."""
    with pytest.raises(InputError, match=r"config\.json"):
        model_folder(str(tmp_path))


def test_an_adapter_is_said(tmp_path: Path) -> None:
    """With what to give instead."""
    (tmp_path / "adapter_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="merged"):
        model_folder(str(tmp_path))


def test_an_unknown_back_end_is_said(tmp_path: Path) -> None:
    """With the known ones."""
    with pytest.raises(ConfigError, match="ctranslate2"):
        load(tmp_path, "vllm")


@pytest.mark.parametrize("backend", ["transformers", "ctranslate2"])
def test_a_back_end_answers_every_prompt_within_its_room(model: Path, backend: str) -> None:
    """Prompts of any lengths, each answered once in at most so many tokens."""
    prompts = [Prompt(user("ab" * length), "[", ("\n",)) for length in (1, 40, 1, 3)]
    made = list(load(model, backend).generate(prompts, 8))
    assert sorted(one.index for one in made) == [0, 1, 2, 3]
    assert all(one.tokens <= 8 and "\n" not in one.text for one in made)


def test_a_model_is_converted_once(model: Path) -> None:
    """Beside it, under a name that its content decides; nothing else is left."""
    target = converted(model)
    written = (target / "model.bin").stat().st_mtime_ns
    assert converted(model) == target
    assert (target / "model.bin").stat().st_mtime_ns == written
    assert model_digest(model) in target.name
    assert {path.name for path in model.parent.iterdir()} == {model.name, target.name}
