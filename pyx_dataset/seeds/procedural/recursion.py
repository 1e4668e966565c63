"""Functions that call themselves with an argument that shrinks."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block
from pyx_dataset.seeds.procedural.pieces import key, letter_test, test


def _function(d: Draft, name: str, head: str, body: str) -> str:
    """Add a helper to the program; its name."""
    d.program.functions.append(block(f"def {name}({head}):\n    <body>", body=body))
    return name


def _fresh(d: Draft, *wishes: str) -> str:
    name = d.name(*wishes)
    d.program.names.add(name)
    return name


def over_list(d: Draft, x: Value) -> Made:
    """First item and rest."""
    about = key(d, "int", "int") if x.item_type == "int" else key(d, "str", "int")
    only = test(d.fixed(), x.item_type)
    k = d.constant(1, 6)
    name = _fresh(d, "fold", "reduce_list", "combine", "collect", "walk")
    first = about.of("items[0]")
    base, last, words = d.one_of(
        ("0", f"{first} + rest", "add it to the result of the rest"),
        (
            "0",
            f"max({first}, rest)",
            "take the larger of it and the result of the rest, 0 at least",
        ),
        (str(k), f"{first} - rest", "subtract the result of the rest from it"),
        ("0", f"{first} + rest * {k + 1}", f"add {k + 1} times the result of the rest"),
    )
    skip = d.chance(0.6)
    body = block(
        f"""
        if not items:
            return {base}
        rest = {name}(items[1:])
        <skip>
        return {last}
        """,
        skip=f"if {only.of('items[0]')}:\n    return rest" if skip else "",
    )
    _function(d, name, "items", body)
    which = f", leaving out those that {only.many}" if skip else ""
    clause = (
        f"go through {x.noun} by recursion{which}: of the first item take {about.its}, {words}; "
        f"nothing gives {base}"
    )
    return Made("", f"{name}({x})", "int", clause, "the result", f"{name}_of_{about.tag}")


def over_number(d: Draft, x: Value) -> Made:
    """A number that gets smaller."""
    name = _fresh(d, "shrink", "descend", "count_down", "reduce_number", "unfold")
    k, low, cap = d.rng.randint(2, 4), d.rng.randint(1, 4), d.constant(8, 14)
    about = key(d, "int", "int")
    plus, more = d.constant(1, 9), d.rng.randint(2, 3)
    start, words, step = d.one_of(
        (f"abs({x})", f"n divided by {k}, rounded down", f"n // {k}"),
        (f"abs({x}) % {cap * 4}", f"n minus {k}", f"n - {k}"),
    )
    combine, said = d.one_of(
        (f"{about.of('n')} + {name}({step})", f"{about.about('n')} plus f of {words}"),
        (f"{name}({step}) + (1 if n % {more} == 0 else 0)", f"f of {words}, plus 1 if n is a "
         f"multiple of {more}"),
        (f"({name}({step}) * {more} + n) % {plus + 40}", f"{more} times f of {words} plus n, "
         f"modulo {plus + 40}"),
        (f"n - {name}({step})", f"n minus f of {words}"),
    )  # fmt: skip
    body = block(f"""
        if n <= {low}:
            return {plus}
        return {combine}
    """)
    _function(d, name, "n", body)
    shown = (
        "the absolute value of" if "%" not in start else f"the absolute value modulo {cap * 4} of"
    )
    clause = (
        f"take {shown} {x.noun} as n and find f of n by recursion: f is {plus} up to "
        f"{low}, else {said}"
    )
    return Made("", f"{name}({start})", "int", clause, "f of n", "recursive_value")


def two_back(d: Draft, x: Value) -> Made:
    """A recurrence on the two values before, remembered."""
    name = _fresh(d, "term", "ways", "growth", "level")
    cap, a, b = d.rng.randint(6, 12), d.rng.randint(0, 4), d.rng.randint(1, 5)
    k, j = d.rng.randint(1, 3), d.rng.randint(1, 3)
    m = d.constant(50, 100) + 900 * d.chance(0.5)
    rule, words = d.one_of(
        (f"{k} * {name}(n - 1, known) + {j} * {name}(n - 2, known)",
         f"{k} times the value before plus {j} times the one before that"),
        (f"abs({k + 2} * {name}(n - 1, known) - {j} * {name}(n - 2, known)) % {m}",
         f"the absolute value of {k + 2} times the value before less {j} times the one before "
          f"that, modulo {m}"),
        (f"({name}(n - 1, known) + {name}(n - 2, known) + {j}) % {m}",
         f"both values before plus {j}, modulo {m}"),
    )  # fmt: skip
    body = block(f"""
        if n < 2:
            return {a} if n == 0 else {b}
        if n not in known:
            known[n] = {rule}
        return known[n]
    """)
    _function(d, name, "n, known", body)
    clause = (
        f"take the absolute value of {x.noun}, {cap} at most, as n; the series starts with "
        f"{a} and {b}, "
        f"and each next value is {words}"
    )
    noun = "its n-th value, counted from 0"
    return Made("", f"{name}(min(abs({x}), {cap}), {{}})", "int", clause, noun, f"{name}_at")


def over_text(d: Draft, x: Value) -> Made:
    """A text from its ends or its first character."""
    name = _fresh(d, "fold_text", "spell", "weave", "unwind")
    question, mark = letter_test(d), d.rng.choice("-._*")
    first = question.of("text[0]")
    rest = f"{name}(text[1:])"
    yes, said_yes = d.one_of(
        (f"text[0].upper() + {rest}", "put it in upper case before the result of the rest"),
        (f"{rest} + text[0]", "put it behind the result of the rest"),
        (f'text[0] + "{mark}" + {rest}', f'put it and "{mark}" before the result of the rest'),
        (f"text[0] * 2 + {rest}", "put it twice before the result of the rest"),
    )
    no, said_no = d.one_of(
        (rest, "drop it"),
        (f"text[0] + {rest}", "keep it before the result of the rest"),
        (f'"{mark}" + {rest}', f'put "{mark}" before the result of the rest'),
    )
    body = block(f"""
        if not text:
            return ""
        if {first}:
            return {yes}
        return {no}
    """)
    _function(d, name, "text", body)
    clause = (
        f"go through {x.noun} by recursion: if the first character {question.one}, {said_yes}, "
        f"else {said_no}"
    )
    return Made("", f"{name}({x})", "str", clause, "the text", f"{name}_{question.tag}")


def halves(d: Draft, x: Value) -> Made:
    """Divide, solve both halves and put them together."""
    name = _fresh(d, "solve", "split_and_join", "best_of", "merge_halves")
    about, k = key(d, x.item_type, "int"), d.rng.randint(1, 6)
    base = about.of("items[0]")
    join, words = d.one_of(
        ("left + right", "added"),
        ("max(left, right) - min(left, right)", "subtracted, the smaller from the larger"),
        (f"max(left, right) + {k}", f"compared, the larger plus {k}"),
        (f"left * 2 - right + {k}", f"joined as twice the left less the right plus {k}"),
    )
    body = block(f"""
        if len(items) == 1:
            return {base}
        middle = len(items) // 2
        left = {name}(items[:middle])
        right = {name}(items[middle:])
        return {join}
    """)
    _function(d, name, "items", body)
    clause = (
        f"halve {x.noun} again and again; one item gives {about.its}, and the results of two "
        f"halves are {words}; nothing at all gives 0"
    )
    return Made(
        "", f"{name}({x}) if {x} else 0", "int", clause, "the result", f"halved_{about.tag}"
    )


def nested(d: Draft, x: Value) -> Made:
    """Rows merged or walked by recursion."""
    name = _fresh(d, "merge", "interleave", "join_rows")
    question, k = test(d.fixed(), "int"), d.rng.randint(1, 3)
    pick, words = d.one_of(
        ("left[0] <= right[0]", "the smaller of both first numbers"),
        ("left[0] >= right[0]", "the larger of both first numbers"),
        (f"{question.of('left[0]')}", f"the first number of the left if it {question.one}, "
         f"else of the right"),
        (f"len(left) % {k + 1} == 0", f"the first of the left if its length is a multiple of "
         f"{k + 1}, else of the right"),
    )  # fmt: skip
    body = block(f"""
        if not left or not right:
            return left + right
        if {pick}:
            return [left[0]] + {name}(left[1:], right)
        return [right[0]] + {name}(left, right[1:])
    """)
    _function(d, name, "left, right", body)
    row, out = d.item(x), d.name("merged", "joined")
    text = block(f"""
        {out} = []
        for {row} in {x}:
            {out} = {name}({out}, {row})
    """)
    clause = f"merge the rows of {x.noun} one by one, taking each time {words}"
    return Made(text, out, "list[int]", clause, "the merged ones", "merged_rows")
