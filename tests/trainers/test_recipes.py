"""Every recipe as far as it can be checked without its hardware and without a download."""

import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate.commands.config.config_args import load_config_from_file
from peft import get_peft_model
from safetensors.torch import load_file
from transformers import (
    AutoModelForCausalLM,
    LlamaConfig,
    PreTrainedConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
)
from trl import DPOConfig, GRPOConfig, ModelConfig, SFTConfig

from trainers import dpo, grpo, settings, sft
from trainers.adapters import adapter_config
from trainers.models import read_template
from trainers.rows import DataArguments, tokenise

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "trainers" / "recipes"
KINDS = {"dpo": (dpo.DataArguments, DPOConfig), "grpo": (grpo.DataArguments, GRPOConfig)}
GPU = sorted(path.stem for path in RECIPES.glob("*.yaml") if "_cpu" not in path.stem)
ON_CPU = ["--use_cpu", "true", "--bf16", "false"]

CONFIGS: dict[str, tuple[PreTrainedConfig, int]] = {
    "Qwen/Qwen2.5-Coder-0.5B-Instruct": (
        Qwen2Config(
            vocab_size=151936, hidden_size=896, intermediate_size=4864, num_hidden_layers=24,
            num_attention_heads=14, num_key_value_heads=2, tie_word_embeddings=True,
        ),
        494_032_768,
    ),
    "deepseek-ai/deepseek-coder-6.7b-base": (
        LlamaConfig(
            vocab_size=32256, hidden_size=4096, intermediate_size=11008, num_hidden_layers=32,
            num_attention_heads=32, num_key_value_heads=32, max_position_embeddings=16384,
            tie_word_embeddings=False,
        ),
        6_740_512_768,
    ),
}  # fmt: skip
"""The published architecture of each base, and how many weights its authors count."""
SMALL = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 2}  # fmt: skip


def read(recipe: str, *extra: str) -> Any:
    """Data, training and model settings of a recipe, for the script that its name tells."""
    method = next((name for name in KINDS if f"_{name}" in recipe), "sft")
    kinds = KINDS.get(method, (DataArguments, SFTConfig))
    file = str(RECIPES / f"{recipe}.yaml")
    return settings.read_settings((*kinds, ModelConfig), ["--config", file, *extra], method)


@pytest.mark.parametrize("recipe", sorted(path.stem for path in RECIPES.glob("*.yaml")))
def test_every_recipe_is_parsed(recipe: str) -> None:
    """TRL knows every key of it."""
    data, training, model = read(recipe, *(ON_CPU if recipe in GPU else []))

    assert data.data == "pyx"
    assert model.model_name_or_path is not None
    assert Path(training.output_dir).name == recipe


@pytest.mark.parametrize("recipe", GPU)
def test_the_model_of_a_gpu_recipe_is_built(recipe: str) -> None:
    """On the meta device: as many weights as published, LoRA on both sides of all linear layers."""
    _, _, asked = read(recipe, *ON_CPU)
    config, published = CONFIGS[asked.model_name_or_path]
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, attn_implementation="sdpa")
        linear = [
            layer
            for name, layer in model.named_modules()
            if isinstance(layer, torch.nn.Linear) and name != "lm_head"
        ]
        adapter = adapter_config(asked, on_cpu=False)
        adapted = get_peft_model(model, adapter) if adapter else model

    total = sum(weight.numel() for weight in model.parameters())
    trained = sum(weight.numel() for weight in adapted.parameters() if weight.requires_grad)
    sides = sum(layer.in_features + layer.out_features for layer in linear)
    assert total - (trained if adapter else 0) == published
    assert trained == (asked.lora_r * sides if adapter else published)


@pytest.fixture
def tiny(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> Any:
    """A function that saves a small random model of a base's architecture, in `tmp_path`."""

    def save(name: str) -> Path:
        published, _ = CONFIGS[name]
        torch.manual_seed(0)
        config = published.to_dict() | SMALL | {"vocab_size": len(tokenizer), "layer_types": None}
        config |= {"pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id}
        model = AutoModelForCausalLM.from_config(type(published)(**config))
        model.save_pretrained(tmp_path / "tiny")
        tokenizer.save_pretrained(tmp_path / "tiny")
        if name.endswith("-base"):
            (tmp_path / "tiny" / "chat_template.jinja").unlink()
        return tmp_path / "tiny"

    return save


@pytest.mark.filterwarnings("default")  # the libraries' own
@pytest.mark.parametrize("recipe", GPU)
def test_a_gpu_recipe_trains_its_architecture(
    recipe: str, tiny: Any, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step on a small random model: weights move, and the merged model is whole."""
    _, _, asked = read(recipe, *ON_CPU)
    model = tiny(asked.model_name_or_path)
    out = tmp_path / "out"
    changes = {
        "model_name_or_path": model, "data": data_folder, "mixture": "forward", "output_dir": out,
        "gradient_accumulation_steps": 1, "max_steps": 1, "warmup_steps": 0, "dtype": "float32",
        "disable_tqdm": True, "learning_rate": 0.01,
    }  # fmt: skip
    given = [word for name, value in changes.items() for word in (f"--{name}", str(value))]
    config = str(RECIPES / f"{recipe}.yaml")
    monkeypatch.setattr(sys, "argv", ["sft.py", "--config", config, *given, *ON_CPU])
    monkeypatch.chdir(ROOT)
    built: list[Any] = []
    carry_out = sft.carry_out

    def carry_out_and_keep(build: Any, *rest: Any) -> None:
        carry_out(lambda: built.append(build()) or built[0], *rest)

    monkeypatch.setattr(sft, "carry_out", carry_out_and_keep)
    sft.main()

    bytes_for_weights = any(weight.dtype == torch.uint8 for weight in built[0].model.parameters())
    assert bytes_for_weights is asked.load_in_4bit
    before, after = (load_file(at / "model.safetensors") for at in (model, out / "merged"))
    moved = {
        name
        for name, weight in before.items()
        if (after[name].float() - weight).abs().max() > 0.003
    }
    assert before.keys() == after.keys()
    assert {name for name in before if name.endswith("proj.weight")} <= moved
    assert ("model.embed_tokens.weight" in moved) is not asked.use_peft


def test_the_template_for_base_models_keeps_turns_apart(tokenizer: PreTrainedTokenizerFast) -> None:
    """Loss falls on the answer and the token that ends it; the question is a prefix."""
    tokenizer = type(tokenizer)(
        tokenizer_object=tokenizer.backend_tokenizer, eos_token="<|im_end|>"
    )
    tokenizer.chat_template = read_template(ROOT / "trainers" / "templates" / "instruction.jinja")
    asked = [{"role": "user", "content": "Why?"}]
    answered = [{"role": "assistant", "content": "Because."}]
    example = tokenise({"program_id": "p"}, asked, answered, tokenizer)
    taught = [token for token in example.labels if token != -100]

    assert tokenizer.decode(example.input_ids) == (
        "### Instruction\nWhy?\n\n### Response\nBecause.<|im_end|>\n"
    )
    assert tokenizer.decode(taught) == "Because.<|im_end|>\n"


@pytest.mark.parametrize("file", sorted((ROOT / "trainers" / "accelerate").glob("*.yaml")), ids=str)
def test_accelerate_reads_its_configs(file: Path) -> None:
    """Its own loader, which refuses keys that it does not know."""
    config = load_config_from_file(str(file))

    assert config.use_cpu is file.stem.startswith("cpu")
    if file.stem == "fsdp2":
        assert config.fsdp_config["fsdp_version"] == 2
    if file.stem == "zero3":
        assert config.deepspeed_config["zero_stage"] == 3
