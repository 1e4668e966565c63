"""Prompt files: whose they are, what they may say, and what their hash is of."""

from hashlib import blake2b
from pathlib import Path

import pytest

from pyx_dataset.errors import InputError
from pyx_dataset.teacher.prompts import FIELDS, load_prompts


def test_every_shipped_prompt_is_filled_in_whole() -> None:
    """No field is left over, and each value that its task needs is in it."""
    for task, prompt in load_prompts().items():
        required, optional = FIELDS[task]
        text = prompt.render(**{name: f"<{name}>" for name in required | optional})

        assert "$" not in text
        assert all(f"<{name}>" in text for name in required)


def test_a_value_is_put_in_as_it_is() -> None:
    """Dollars, braces and percent signs of a program are no fields."""
    code = "def f(x):\n    return f'${x} {x:%d} $code'"

    assert code in load_prompts()["inputs"].render(
        code=code, entry_point="f", signature="f(x)", calls="f(1)"
    )


def test_a_user_replaces_one_and_keeps_the_others(tmp_path: Path) -> None:
    """The hash is that of the file's bytes."""
    text = "Explain $code, called as $call, for $$5."
    (tmp_path / "forward.md").write_text(text)
    shipped, mine = load_prompts(), load_prompts(str(tmp_path))

    assert (
        mine["forward"].render(code="C", call="f()", value="")
        == "Explain C, called as f(), for $5."
    )
    assert mine["forward"].hash == blake2b(text.encode(), digest_size=8).hexdigest()
    assert mine["backward"] == shipped["backward"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("forward.md", "Do\n$code and $cal", r"forward.md line 2: unknown field \$cal; known:"),
        ("forward.md", "$code costs $5: $call", r"forward.md line 1: a `\$` must begin one of"),
        ("forward.md", "Explain $code.", r"forward.md never uses \$call"),
        ("foward.md", "$code $call", "is a prompt for no task; there are problem.md"),
    ],
)  # fmt: skip
def test_a_prompt_that_cannot_work_is_one_clear_error(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    """Named by file and line, before anything is sent."""
    (tmp_path / name).write_text(text)

    with pytest.raises(InputError, match=said):
        load_prompts(str(tmp_path))


@pytest.mark.parametrize("make", [False, True])
def test_a_folder_without_prompts_is_no_folder_of_prompts(tmp_path: Path, make: bool) -> None:
    """Missing or empty."""
    folder = tmp_path / "prompts"
    if make:
        folder.mkdir()

    with pytest.raises(InputError, match="prompts"):
        load_prompts(str(folder))
