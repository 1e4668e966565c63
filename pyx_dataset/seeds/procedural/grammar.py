"""Which idiom can follow which: by the type of what is at hand."""

from pyx_dataset.seeds.procedural import (
    grids,
    integers,
    mappings,
    numbers,
    pairs,
    recursion,
    searches,
    selections,
    sequences,
    text,
    words,
)
from pyx_dataset.seeds.procedural.draft import Idiom

Weighted = tuple[tuple[float, Idiom], ...]

START = {
    "list[int]": 32,
    "list[str]": 20,
    "str": 20,
    "int": 10,
    "dict[str, int]": 7,
    "list[tuple[str, int]]": 6,
    "list[list[int]]": 7,
}
"""How often a program is about each type."""

_ANY_LIST: Weighted = (
    (3, selections.keep),
    (2, sequences.each),
    (3, sequences.either),
    (2, sequences.number_that),
    (2, sequences.first_that),
    (2, selections.distinct),
    (3, sequences.grouped),
    (3, sequences.counted),
    (2, sequences.ordered),
    (2, selections.best),
    (1, selections.chunked),
    (1, selections.rotated),
    (1, selections.picked),
    (2, sequences.streak),
    (2, selections.parted),
    (1, sequences.runs),
    (1.5, selections.until),
    (0.5, sequences.size),
    (4, pairs.accounts),
    (2, pairs.with_second),
    (2, recursion.over_list),
    (1, recursion.halves),
)
_MAPPING: Weighted = (
    (3, mappings.keys_that),
    (3, mappings.values_changed),
    (2, mappings.turned),
    (2, mappings.top),
    (2, mappings.value_total),
    (2, mappings.ranking),
    (1, mappings.lines_of),
)
_GROUPS: Weighted = ((2, mappings.group_figures), (2, mappings.group_members))
_PAIRS: Weighted = (
    (3, mappings.summed),
    (2, mappings.keys_that),
    (2, mappings.ranking),
    (1, mappings.lines_of),
    (2, mappings.top),
    (2, mappings.turned),
    (2, mappings.value_total),
)

IDIOMS: dict[str, Weighted] = {
    "list[int]": (
        *_ANY_LIST,
        (3, numbers.total),
        (4, numbers.running),
        (4, numbers.neighbours),
        (3, numbers.windows),
        (2, searches.two_pointers),
        (3, searches.pairs_in),
        (2, searches.peaks),
        (1.5, searches.best_stretch),
        (2, searches.queue),
        (2, numbers.weighted),
        (1, numbers.simple),
        (1.5, searches.sorted_by_hand),
        (2, pairs.zipped),
    ),
    "list[str]": (
        *_ANY_LIST,
        (2, words.joined),
        (3, words.indexed),
        (1, words.common_start),
        (2, words.letters_joined),
        (1, words.padded),
        (3, pairs.paired_up),
    ),
    "str": (
        (4, text.words_of),
        (4, text.letters_kept),
        (2, text.shifted),
        (3, text.letter_counts),
        (2, text.letters_that),
        (2, text.packed),
        (2, text.depth),
        (2, text.mirrored),
        (3, text.pieces),
        (1, text.respelled),
        (0.3, text.measured),
        (3, text.letter_sum),
        (0.3, text.has_any),
        (3, pairs.accounts),
        (2, recursion.over_text),
    ),
    "int": (
        (4, integers.digits),
        (3, integers.divisors),
        (3, integers.steps_down),
        (3, integers.sequence),
        (2, integers.counting),
        (1, integers.classified),
        (1, integers.changed),
        (1.5, integers.text_of),
        (3, recursion.over_number),
        (3, recursion.two_back),
    ),
    "dict[str, int]": _MAPPING,
    "dict[int, int]": _MAPPING,
    "dict[str, list[int]]": _GROUPS,
    "dict[str, list[str]]": _GROUPS,
    "dict[int, list[int]]": _GROUPS,
    "dict[int, list[str]]": _GROUPS,
    "list[tuple[str, int]]": _PAIRS,
    "list[tuple[int, int]]": (*_PAIRS, (3, grids.pair_figures)),
    "list[list[int]]": (
        (3, grids.row_figures),
        (2, grids.columns),
        (4, grids.cells),
        (2, grids.flat),
        (2, recursion.nested),
    ),
}
"""What can be done with a value of each type; a value of any other type is returned."""

TAKES_MORE = frozenset({pairs.with_second, pairs.zipped, pairs.paired_up})
"""Idioms that give the function a further parameter."""

OF_ONE: dict[str, Weighted] = {
    "int": (
        (4, integers.digits),
        (2, integers.divisors),
        (3, integers.steps_down),
        (2, integers.counting),
        (3, integers.classified),
        (2, integers.changed),
        (1, integers.text_of),
        (2, recursion.over_number),
    ),
    "str": (
        (4, text.letters_kept),
        (2, text.shifted),
        (2, text.letters_that),
        (2, text.packed),
        (1, text.depth),
        (3, text.mirrored),
        (3, text.letter_sum),
        (3, pairs.accounts),
        (2, recursion.over_text),
    ),
    "list[int]": (
        (3, numbers.total),
        (2, numbers.neighbours),
        (2, numbers.weighted),
        (2, sequences.number_that),
        (2, sequences.streak),
        (3, pairs.accounts),
        (1, searches.pairs_in),
        (1, searches.best_stretch),
    ),
}
"""What a helper does with one member of a list."""

FIGURES: dict[str, Weighted] = {
    "list[int]": (
        (2, sequences.number_that),
        (2, numbers.total),
        (2, sequences.streak),
        (1, sequences.first_that),
        (1, numbers.simple),
        (1, selections.best),
        (1, sequences.size),
        (1, searches.best_stretch),
    ),
    "list[str]": (
        (2, sequences.number_that),
        (2, sequences.streak),
        (1, sequences.first_that),
        (1, sequences.size),
    ),
    "str": ((2, text.letters_that), (2, text.letter_sum), (1, text.measured), (2, text.mirrored)),
}
"""What gives one number, two of which can be brought together."""
