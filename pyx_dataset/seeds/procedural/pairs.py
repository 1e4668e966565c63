"""Idioms that bring two things together, and the loop that keeps several accounts."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block
from pyx_dataset.seeds.procedural.pieces import Test, key, letter_test, test


def with_second(d: Draft, x: Value) -> Made:
    """A second list of the same kind as a further parameter."""
    y, item = d.parameter(x.type), d.item(x)
    about, only = key(d, x.item_type), test(d, x.item_type)
    known = d.name("known", "others", "allowed")
    out = d.name("shared", "kept", "result")
    how = d.one_of("in", "not in")
    about_words = d.chance(0.4)
    inner = d.name("other", "each")
    members = f"{{{about.of(inner)} for {inner} in {y}}}" if about_words else f"set({y})"
    probe = about.of(item) if about_words else item
    extra = f" and {only.of(item)}" if d.chance(0.5) else ""
    which = f" and which {only.many}" if extra else ""
    text = block(f"""
        {known} = {members}
        {out} = []
        for {item} in {x}:
            if {probe} {how} {known}{extra}:
                {out}.append({item})
    """)
    no = "" if how == "in" else "no "
    if about_words:
        clause = (
            f"keep those of {x.noun} for which {about.its} is that of "
            f"{no or 'some '}item of {y.noun}"
        )
        clause += which
    else:
        clause = (
            f"keep those of {x.noun} that {'' if not no else 'do not '}stand in {y.noun}{which}"
        )
    return Made(text, out, x.type, clause, "the kept ones", "shared" if how == "in" else "missing")


def zipped(d: Draft, x: Value) -> Made:
    """Two lists side by side."""
    y = d.parameter("list[int]")
    a, b = d.item(x), d.item(y)
    acc, k = d.name("total", "score", "balance"), d.constant(2, 6)
    expr, words, tag = d.one_of(
        (f"{a} * {b}", "their product", "products"),
        (f"max({a}, {b})", "the larger", "maxima"),
        (f"abs({a} - {b})", "their distance", "distances"),
        (f"{a} - {k} * {b}", f"the first less {k} times the second", "margins"),
        (f"({a} + {b}) % {k + 5}", f"their sum modulo {k + 5}", "remainders"),
    )
    question, said = d.one_of(
        (f"{a} > {b}", "the first is larger"),
        (f"{a} < {b}", "the second is larger"),
        (f"({a} + {b}) % {k} == 0", f"their sum is a multiple of {k}"),
        (f"{a} * {b} > 0", "both have the same sign"),
    )
    as_list = d.chance(0.5)
    line = f"{acc}.append({expr})" if as_list else f"{acc} += {expr}"
    other = d.chance(0.5) and not as_list
    text = block(
        f"""
        {acc} = {"[]" if as_list else "0"}
        for {a}, {b} in zip({x}, {y}):
            if {question}:
                {line}
            <other>
        """,
        other=f"else:\n    {acc} -= {k}" if other else "",
    )
    verb = "list" if as_list else "add up"
    rest = f", and subtract {k} for any other pair" if other else ""
    clause = f"pair {x.noun} with {y.noun} and {verb}, where {said}, {words}{rest}"
    gives, noun = ("list[int]", "the list") if as_list else ("int", "the total")
    return Made(text, acc, gives, clause, noun, f"paired_{tag}")


def paired_up(d: Draft, x: Value) -> Made:
    """Words and numbers side by side."""
    y = d.parameter("list[int]")
    a, b = d.item(x), d.item(y)
    out, only = d.name("table", "by_name", "totals"), test(d, "int")
    line, words = d.one_of(
        (f"{out}[{a}] = {out}.get({a}, 0) + {b}", "the sum of its numbers"),
        (f"{out}[{a}] = max({out}.get({a}, {b}), {b})", "its largest number"),
        (f"{out}[{a}] = {b} - {out}.get({a}, 0)", "each number in turn less what it had"),
        (f"{out}[{a}] = {b}", "its last number"),
    )
    text = block(f"""
        {out} = {{}}
        for {a}, {b} in zip({x}, {y}):
            if {only.of(b)}:
                {line}
    """)
    clause = f"pair {x.noun} with {y.noun} and map each to {words}, of numbers that {only.many}"
    return Made(text, out, "dict[str, int]", clause, "the mapping", "table")


def accounts(d: Draft, x: Value) -> Made:
    """One pass with branches that keeps one or two numbers and perhaps a list."""
    item = d.item(x)
    questions = list(
        {q.code: q for q in (_question(d, x) for _ in range(d.rng.randint(2, 3)))}.values()
    )
    acc, other = d.name("score", "balance", "level", "energy"), d.name("streak", "changes", "fines")
    log, start = d.name("log", "history", "path"), d.constant(0, 12)
    uses_other, as_list = d.chance(0.5), d.chance(0.4)
    lines, said = [], []
    for number, question in enumerate(questions):
        update, words = _update(d, x, acc, item, number)
        if uses_other and number == 0:
            update, words = f"{update}\n{other} += 1", f"{words} and count it"
        head = "elif" if number else "if"
        lines.append(block(f"{head} {question.of(item)}:\n    <body>", body=update))
        said.append(f"{'else ' if number else ''}if one {question.one}, {words}")
    if d.chance(0.7):
        update, words = _update(d, x, acc, item, len(questions))
        lines.append(f"else:\n    {update}")
        said.append(f"else {words}")
    text = block(
        f"""
        {acc} = {start}
        {f"{other} = 0" if uses_other else ""}
        {f"{log} = []" if as_list else ""}
        for {item} in {x}:
            <branches>
            {f"{log}.append({acc})" if as_list else ""}
        """,
        branches="\n".join(lines),
    )
    note = ", noting the value after each" if as_list else ""
    clause = f"start from {start} and go through {x.noun}{note}: {'; '.join(said)}"
    k = d.rng.randint(2, 5)
    if uses_other:
        both = f"{acc} - {k} * {other}"
        expr, gives, noun = d.one_of(
            (f"({acc}, {other})", "tuple[int, int]", "the value and the count"),
            (both, "int", f"the value less {k} times the count"),
        )
        if as_list:
            expr, gives = f"{log} + [{other}]", "list[int]"
            noun = "the noted values followed by the count"
        return Made(text, expr, gives, clause, noun, "final_score")
    if as_list:
        return Made(text, log, "list[int]", clause, "the noted values", "score_history")
    return Made(text, acc, "int", clause, "the value reached", "final_score")


def _question(d: Draft, x: Value) -> Test:
    return letter_test(d) if x.type == "str" else test(d, x.item_type)


def _update(d: Draft, x: Value, acc: str, item: str, number: int) -> tuple[str, str]:
    k, floor = d.constant(1, 9), d.constant(0, 6)
    size, words = (item, "the number")
    if x.type == "str":
        size, words = str(k), str(k)
    elif x.item_type == "str":
        size, words = f"len({item})", "its length"
    good = [
        (f"{acc} += {size}", f"add {words}"),
        (f"{acc} += {k}", f"add {k}"),
        (f"{acc} = max({acc}, {size}) + 1", f"take the larger of the value and {words}, plus 1"),
    ]
    bad = [
        (f"{acc} -= {k}", f"subtract {k}"),
        (f"{acc} = max({floor}, {acc} - {k})", f"subtract {k}, but stay at {floor} at least"),
        (f"{acc} = {acc} // 2", "halve the value, rounding down"),
        (f"{acc} = {floor}", f"go back to {floor}"),
        (f"{acc} = abs({acc} - {size})", f"take the distance to {words}"),
    ]
    return d.rng.choice(bad if number % 2 else good)
