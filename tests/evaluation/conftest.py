"""A data set and a model, both tiny and both real in form; and a machine with two cores."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pyx_dataset.layout import debug_prompt, fault_body

collect_ignore = ["lm_eval_oracle.py"]  # it runs where that is installed

CODES = {
    "double": ("def double(x):\n    return x * 2\n", [("double(2)", "4"), ("double('a')", "'aa'")]),
    "first": ("def first(xs):\n    return xs[0]\n", [("first([1, 2])", "1"), ("first([7])", "7")]),
    "keep": ("def keep(x, y=3):\n    return x\n", [("keep(5)", "5"), ("keep(y=1, x=2)", "2")]),
}
CARD = """---
configs:
- config_name: executions
  data_files:
  - split: train
    path: executions/train.parquet
  - split: test
    path: executions/test.parquet
- config_name: programs
  data_files:
  - split: test
    path: programs/test.parquet
- config_name: debug
  data_files:
  - split: test
    path: debug/test.parquet
---
"""
TESTS = ["assert keep(5) == 5", "assert keep(y=1, x=2) == 2", "assert keep(3) == 3"]
PROGRAM = {
    "id": "keep", "instruction": "Give x back.", "signature": "keep(x, y=3)",
    "code": CODES["keep"][0], "entry_point": "keep", "tests": TESTS,
}  # fmt: skip
BROKEN = "def keep(x, y=3):\n    return 3\n"
DEBUG = {
    "id": "keep_bug0", "program_id": "keep", "code": CODES["keep"][0], "entry_point": "keep",
    "failing": TESTS[:2], "passing": TESTS[2:],
    "prompt": debug_prompt(
        fault_body("Give x back.", "keep(x, y=3)", TESTS[2:], BROKEN, TESTS[0])
    ),
}  # fmt: skip
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the form of a built PYX: three programs, two calls of each, and one bug."""
    folder = tmp_path_factory.mktemp("data") / "pyx"
    rows = [
        {"id": f"{name}-{place}", "program_id": name, "code": code, "entry_point": name,
         "call": call, "value": value, "outcome": "returned"}
        for name, (code, calls) in CODES.items()
        for place, (call, value) in enumerate(calls)
    ]  # fmt: skip
    raised = rows[0] | {"id": "raised", "call": "double(None)", "value": None, "outcome": "raised"}
    (folder / "executions").mkdir(parents=True)
    for split in ("train", "test"):
        table = pa.Table.from_pylist([*rows, raised])
        pq.write_table(table, folder / "executions" / f"{split}.parquet")
    for config, row in (("programs", PROGRAM), ("debug", DEBUG)):
        (folder / config).mkdir()
        pq.write_table(pa.Table.from_pylist([row]), folder / config / "test.parquet")
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of random weights with a byte-level tokenizer: it babbles, but it is a model."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: place for place, token in enumerate([*specials, *letters])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        unk_token="<|endoftext|>",
        chat_template=TEMPLATE,
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    folder = tmp_path_factory.mktemp("models") / "tiny"
    LlamaForCausalLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


@pytest.fixture
def two_threads() -> Iterator[None]:
    """As many as PyTorch would use by itself on two cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)
