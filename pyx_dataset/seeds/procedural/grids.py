"""Idioms for tables of numbers."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block
from pyx_dataset.seeds.procedural.pieces import key, test


def row_figures(d: Draft, x: Value) -> Made:
    """A number for each row of a grid."""
    row, out = d.item(x), d.name("figures", "row_values")
    only = test(d, "int")
    expr, words, tag = d.one_of(
        (f"sum({row})", "its sum", "row_sums"),
        (f"max({row}, default=0)", "its largest number (0 if empty)", "row_maxima"),
        (f"max({row}, default=0) - min({row}, default=0)", "its spread", "row_spreads"),
        (f"sum(1 for cell in {row} if {only.of('cell')})",
         f"how many of its numbers {only.many}", "row_counts"),
        (f"sum(cell for cell in {row} if {only.of('cell')})",
         f"the sum of its numbers that {only.many}", "row_totals"),
    )  # fmt: skip
    clause = f"take for each row of {x.noun} {words}"
    return Made(
        "", f"[{expr} for {row} in {x}]", "list[int]", clause, "the listed ones", tag, (out,)
    )


def columns(d: Draft, x: Value) -> Made:
    """A grid by columns."""
    column, out = d.name("column", "col"), d.name("columns", "sides")
    expr, words, gives, tag = d.one_of(
        (f"sum({column})", "the sum", "list[int]", "column_sums"),
        (f"max({column})", "the largest number", "list[int]", "column_maxima"),
        (f"list({column})", "all numbers", "list[list[int]]", "transposed"),
        (f"list({column})[::-1]", "all numbers, from the last row up", "list[list[int]]", "turned"),
        (f"{column}[0] - {column}[-1]", "the first number less the last", "list[int]", "drops"),
    )
    clause = f"take for each column of {x.noun} that every row has {words}"
    return Made(
        "", f"[{expr} for {column} in zip(*{x})]", gives, clause, "the listed ones", tag, (out,)
    )


def cells(d: Draft, x: Value) -> Made:
    """A nested loop over the cells of a grid."""
    i, row, j, cell = d.name("i", "y"), d.item(x), d.name("j", "x"), d.name("cell", "entry")
    question, acc = test(d, "int"), d.name("total", "score", "found")
    k = d.constant(2, 6)
    where, said = d.one_of(
        (f"{i} == {j}", "on the diagonal"),
        (f"({i} + {j}) % {k} == 0", f"at places whose row and column add up to a multiple of {k}"),
        (f"{i} < {j}", "above the diagonal"),
        (f"{i} % {k} == 0", f"in every row whose number is a multiple of {k}"),
        (question.of(cell), f"that {question.many}"),
    )
    line, words, gives = d.one_of(
        (f"{acc} += {cell}", "add up the cells", "int"),
        (f"{acc} += {i} * {cell} + {j}", "add up row times cell plus column of the cells", "int"),
        (f"{acc}.append({cell})", "list the cells", "list[int]"),
        (f"{acc}.append(({i}, {j}))", "list the places of the cells", "list[tuple[int, int]]"),
    )
    text = block(f"""
        {acc} = {"0" if gives == "int" else "[]"}
        for {i}, {row} in enumerate({x}):
            for {j}, {cell} in enumerate({row}):
                if {where}:
                    {line}
    """)
    return Made(text, acc, gives, f"{words} of {x.noun} {said}", "the result", "cells_found")


def flat(d: Draft, x: Value) -> Made:
    """All cells in one list."""
    row, cell = d.item(x), d.name("cell", "number")
    about, only = key(d, "int", "int"), test(d, "int") if d.chance(0.6) else None
    condition = f" if {only.of(cell)}" if only else ""
    which = f" that {only.one}" if only else ""
    expr = f"[{about.of(cell)} for {row} in {x} for {cell} in {row}{condition}]"
    clause = f"list, for each number in {x.noun}{which}, {about.its}"
    return Made(
        "", expr, "list[int]", clause, "the listed ones", f"flat_{about.tag}", ("flat", "cells")
    )


def pair_figures(d: Draft, x: Value) -> Made:
    """A number for each pair of numbers."""
    a, b = d.name("left", "a"), d.name("right", "b")
    k = d.constant(2, 5)
    expr, words, tag = d.one_of(
        (f"{a} + {b}", "their sum", "pair_sums"),
        (f"{b} - {a}", "the second less the first", "pair_gaps"),
        (f"{a} * {b}", "their product", "pair_products"),
        (f"max({a}, {b})", "the larger", "pair_maxima"),
        (f"abs({a} - {b}) * {k}", f"{k} times their distance", "pair_distances"),
        (f"{a} * {k} + {b}", f"{k} times the first plus the second", "pair_codes"),
    )
    clause = f"take of both members of each of {x.noun} {words}"
    return Made(
        "", f"[{expr} for {a}, {b} in {x}]", "list[int]", clause, "the listed ones", tag, (tag,)
    )
