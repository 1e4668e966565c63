"""Prose is cut where a reader would cut it."""

import pytest

from pyx_dataset.monologues.listening.prose import mask, readable, sentences

OUTLINE = """### Understanding the Function
It returns `0`.

### Execution Simulation
1. **Setup**:
   - [L6]: `n` is `0`.
2. **Line [L7]**: The loop starts. `x` is `1`.
   - **First Iteration** (`x = 1`):
     - `n` becomes `1`.
3. It ends with:
   ```
   xs = [1]
   ```

### Conclusion
Done.
"""


def test_sentences_are_items_and_their_parts() -> None:
    """Numbers, bullets and bold type go; a fence belongs to the sentence above it."""
    assert [readable(sentence) for sentence in sentences(OUTLINE)] == [
        "Setup", "`n` is `0`.", "The loop starts.", "`x` is `1`.", "First Iteration (`x = 1`)",
        "`n` becomes `1`.", "It ends with: `xs = [1]`", "Done.",
    ]  # fmt: skip


def test_a_label_holds_for_what_is_under_it() -> None:
    """And not for the item beside it."""
    labels = [sentence.label for sentence in sentences(OUTLINE)]
    assert labels == [None, 2, 3, 3, 3, 3, None, None]


def test_headings_say_nothing() -> None:
    """Only what is bold as a whole is one."""
    found = [readable(sentence) for sentence in sentences(OUTLINE) if sentence.is_heading]
    assert found == ["Setup", "First Iteration (`x = 1`)"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("it's `x`, isn't it", ["x"]),
        ("the letter 'a' and \"b c\"", ["'a'", '"b c"']),
        ("`` a`b `` here", ["a`b"]),
        ("so xs is [1, 'a'], see [L7]", ["'a'", "[1, 'a']"]),
        ("don't use the dog's 'bone'", ["'bone'"]),
    ],
)
def test_code_is_told_from_apostrophes(text: str, code: list[str]) -> None:
    """Quotes are code, letters behind an apostrophe are not."""
    assert mask(text)[1] == code
