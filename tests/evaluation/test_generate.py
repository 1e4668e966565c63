"""Every prompt is answered once, and cut where it was asked to be."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoConfig, MistralConfig, MistralForCausalLM

from evaluation import backends
from evaluation.backends import Decoding, Request, find_model, local, with_transformers
from evaluation.backends.batch import can_join
from evaluation.backends.local import (
    BATCH_ROWS,
    batches,
    encode,
    finish,
    load,
    model_digest,
    model_folder,
)
from evaluation.backends.with_ctranslate2 import converted, shared_start, stop_callback
from evaluation.backends.with_transformers import TransformersGenerator, draws
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


def test_a_missing_chat_template_is_said_before_the_weights_are_downloaded(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a model on the Hub only small files were asked for until then, of a folder nothing."""
    for path in [*model.glob("*.json"), *model.glob("*.safetensors")]:
        shutil.copy(path, tmp_path)
    with pytest.raises(InputError, match="has no chat template"):
        find_model(str(tmp_path), "transformers")
    asked: list[str] = []

    def download(name: str, allow_patterns: list[str]) -> str:
        asked.extend(allow_patterns)
        return str(tmp_path)

    monkeypatch.setattr(local, "snapshot_download", download)
    with pytest.raises(InputError, match="ORG/MODEL has no chat template"):
        model_folder("ORG/MODEL")
    assert asked
    assert not [pattern for pattern in asked if "safetensors" in pattern]


def test_an_unknown_back_end_is_said() -> None:
    """With the known ones."""
    with pytest.raises(ConfigError, match="ctranslate2"):
        find_model("m", "nope")


def test_a_back_end_that_is_not_installed_is_said(
    monkeypatch: pytest.MonkeyPatch, model: Path
) -> None:
    """With how to get it, before the model is looked at."""
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="pip install vllm"):
        find_model("nowhere", "vllm")


def requests(*lengths: int) -> list[Request]:
    """Prompts of these lengths, each with a seed of its own."""
    prompts = [Prompt(user("ab" * length), "[", ("\n",)) for length in lengths]
    return [Request(prompt, place) for place, prompt in enumerate(prompts)]


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("backend", ["transformers", "ctranslate2"])
def test_a_back_end_answers_every_prompt_within_its_room(
    model: Path, backend: str, temperature: float
) -> None:
    """Prompts of any lengths, each answered once in at most so many tokens."""
    asked = requests(1, 40, 1, 3)
    made = list(load(model, backend).generate(asked, Decoding(8, temperature)))
    assert sorted(one.index for one in made) == [0, 1, 2, 3]
    assert all(one.tokens <= 8 and "\n" not in one.text for one in made)


def test_a_sample_does_not_depend_on_its_batch(model: Path) -> None:
    """Alone or among others it is the same, and another seed gives another one."""
    generator, drawn = load(model, "transformers"), Decoding(8, 1.0, 0.9)
    asked = requests(3, 3, 3, 3)
    together = {one.index: one.text for one in generator.generate(asked, drawn)}
    alone = [next(iter(generator.generate([request], drawn))).text for request in asked]
    assert alone == [together[place] for place in range(4)]
    assert len(set(alone)) > 1


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=4), st.floats(0.3, 2.0))
@settings(max_examples=8, deadline=None)
def test_draws_follow_the_softmax(scores: list[float], temperature: float) -> None:
    """Frequencies of 4000 draws against `torch.softmax`."""
    rows = torch.tensor([scores]).repeat(4000, 1)
    changed = draws(Decoding(1, temperature), range(4000))(None, rows)
    found = torch.bincount(changed.argmax(-1), minlength=len(scores)) / 4000
    expected = torch.softmax(torch.tensor(scores) / temperature, -1)
    assert torch.allclose(found, expected, atol=0.05)


@pytest.mark.usefixtures("two_threads")
def test_answers_do_not_depend_on_the_number_of_threads(model: Path) -> None:
    """Which prompts share a batch is the same on any machine."""
    generator, asked = load(model, "transformers"), requests(1, 40, 3, 9, 2)

    def answers() -> dict[int, str]:
        return {one.index: one.text for one in generator.generate(asked, Decoding(8, 1.0))}

    of_two = answers()
    torch.set_num_threads(1)
    assert answers() == of_two


@pytest.mark.usefixtures("two_threads")
def test_a_back_end_leaves_the_threads_to_those_behind_it(model: Path) -> None:
    """CTranslate2 sets a number for the whole process."""
    load(model, "ctranslate2")
    assert torch.get_num_threads() == 2


def test_a_model_is_converted_once(model: Path) -> None:
    """Beside it, under a name that its content decides; nothing else is left."""
    target = converted(model)
    written = (target / "model.bin").stat().st_mtime_ns
    assert converted(model) == target
    assert (target / "model.bin").stat().st_mtime_ns == written
    assert model_digest(model) in target.name
    assert {path.name for path in model.parent.iterdir()} == {model.name, target.name}


def alone(generator: TransformersGenerator, asked: list[Request], decoding: Decoding) -> list[str]:
    """What the library's own `generate` answers to each request by itself."""
    texts = []
    for request in asked:
        ids = encode([request.prompt], generator._tokenizer)
        texts += [one.text for one in generator._in_batches([request], ids, decoding)]
    return texts


@pytest.mark.usefixtures("two_threads")
@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("rows", [1, 3, 48])
def test_rows_that_make_way_do_not_change_the_others(
    model: Path, monkeypatch: pytest.MonkeyPatch, rows: int, temperature: float
) -> None:
    """Answers written side by side are those of `generate`, one prompt at a time."""
    monkeypatch.setattr(with_transformers, "ROWS", rows)
    monkeypatch.setattr(with_transformers, "READ_ROWS", 2)
    monkeypatch.setattr(with_transformers, "computes_in", lambda backend: "float32")
    monkeypatch.setattr("evaluation.backends.batch.ROOM", 4)
    generator, decoding = load(model, "transformers"), Decoding(24, temperature)
    asked = [
        Request(Prompt(user(text), "[", ()), place)
        for place, text in enumerate(["a", "b" * 30, "abc", "xy" * 9, "", "ab" * 20, "c"])
    ]
    endless = alone(generator, asked, decoding)
    stopping = [
        replace(one, prompt=replace(one.prompt, stops=(text[place * 3 : place * 3 + 2] or "?",)))
        for place, (one, text) in enumerate(zip(asked, endless, strict=True))
    ]
    asked += stopping
    made = {one.index: one for one in generator.generate(asked, decoding)}
    assert [made[place].text for place in range(len(asked))] == alone(generator, asked, decoding)
    assert len({one.tokens for one in made.values()}) > 2  # they did end at different times


def test_a_model_that_forgets_is_answered_by_the_library(model: Path, tmp_path: Path) -> None:
    """A sliding window keeps no earlier tokens that could be moved."""
    folder = shutil.copytree(model, tmp_path / "sliding")
    small = AutoConfig.from_pretrained(model)
    sliding = MistralConfig(
        vocab_size=small.vocab_size, hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, sliding_window=8,
    )  # fmt: skip
    MistralForCausalLM(sliding).save_pretrained(folder)
    asked = requests(1, 40, 3)
    generator = load(folder, "transformers")
    made = {one.index: one.text for one in generator.generate(asked, Decoding(8))}
    assert not can_join(generator._model)
    assert len(made) == 3
