"""A chat model of 20,000 weights with a byte tokenizer, and a data set of three programs."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from pyx_dataset import layout, trace_call
from pyx_dataset.published import step_row

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

PROGRAMS = {
    "double": ("def double(x):\n    return 2 * x\n", {"1": "2", "2": "4", "-3": "-6"}),
    "shout": ("def shout(s):\n    return s.upper()\n", {"'a'": "'A'", "'bc'": "'BC'"}),
    "first": ("def first(xs):\n    return xs[0]\n", {"[7]": "7", "[8, 9]": "8", "'xy'": "'x'"}),
}


def rows() -> list[dict[str, object]]:
    """Rows of the `forward` config, with the columns that the trainers read."""
    return [
        {
            "id": f"{name}-{argument}",
            "program_id": name,
            "execution_id": f"exe-{name}-{argument}",
            "prompt": layout.forward_prompt(code, f"{name}({argument})"),
            "completion": layout.monologue_completion("It runs.", f"assert {value}"),
            "code": code,
            "entry_point": name,
            "call": f"{name}({argument})",
            "value": value,
            "answer": layout.assertion(f"{name}({argument})", value),
        }
        for name, (code, cases) in PROGRAMS.items()
        for argument, value in cases.items()
    ]


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    """One token a byte, and ChatML's marks."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE({char: n for n, char in enumerate(alphabet)}, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    made = PreTrainedTokenizerFast(
        tokenizer_object=core,
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        additional_special_tokens=["<|im_start|>"],
        clean_up_tokenization_spaces=False,
    )
    made.chat_template = CHATML
    return made


@pytest.fixture(scope="session")
def model_folder(
    tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The tiny model, saved."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=1024,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    folder = tmp_path_factory.mktemp("model")
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def executions() -> list[dict[str, object]]:
    """Rows of `executions`: the traces of the same calls, really made."""
    made = []
    for row in rows():
        trace = trace_call(row["code"], row["call"])
        made.append({
            "id": row["execution_id"],
            **{name: row[name] for name in ("code", "call", "value")},
            "outcome": trace.outcome.value,
            "exception": trace.exception,
            "steps": [step_row(step) for step in trace.steps],
        })  # fmt: skip
    return made


def pairs() -> list[dict[str, object]]:
    """Rows of `preference`: the true answer and a wrong one."""
    return [
        {
            "id": f"prf-{row['id']}",
            "program_id": row["program_id"],
            "task": "forward",
            "prompt": row["prompt"],
            "chosen": row["completion"],
            "rejected": layout.monologue_completion("It sleeps.", "assert None"),
            "reason": "claim_contradicted",
        }
        for row in rows()
    ]


def prompts() -> list[dict[str, object]]:
    """Rows of `rl`: both questions about each call, direct."""
    shared = ("program_id", "code", "entry_point", "call", "value")
    return [
        {
            "id": f"rl-{task}-{row['id']}",
            "task": task,
            "style": "direct",
            "prompt": prompt,
            **{name: row[name] for name in shared},
        }
        for row in rows()
        for task, prompt in (
            ("output", layout.output_prompt(row["code"], row["call"])),
            ("input", layout.input_prompt(row["code"], row["entry_point"], row["value"])),
        )
    ]  # fmt: skip


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three programs as a data set of four configs."""
    folder = tmp_path_factory.mktemp("pyx")
    head = "---\nconfigs:\n"
    for config, made in {
        "forward": rows(),
        "executions": executions(),
        "preference": pairs(),
        "rl": prompts(),
    }.items():
        (folder / config).mkdir()
        pq.write_table(pa.Table.from_pylist(made), folder / config / "train-0.parquet")
        head += f"- config_name: {config}\n  description: rows 0123456789abcdef\n  data_files:\n"
        head += f"  - split: train\n    path: {config}/train-*.parquet\n"
    (folder / "README.md").write_text(f"{head}---\n")
    return folder
