"""Idioms that begin with one number, with loops whose measure falls or whose bound is fixed."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block
from pyx_dataset.seeds.procedural.pieces import Test, key, test


def digits(d: Draft, x: Value) -> Made:
    """Take a number apart, digit by digit, in some base."""
    rest, digit = d.name("rest", "left", "remaining"), d.name("digit", "part")
    base = d.one_of(10, 10, 10, 2, 3, 8)
    place = {10: "digits", 2: "binary digits", 3: "base-3 digits", 8: "octal digits"}[base]
    about, only = key(d, "int", "int"), test(d, "int") if d.chance(0.5) else None
    acc, k = d.name("total", "result", "code"), d.constant(2, 9)
    line, words, start = d.one_of(
        (f"{acc} += {about.of(digit)}", f"add up, for each, {about.its}", "0"),
        (f"{acc} = {acc} * {k} + {digit}", f"starting from 0, multiply by {k} and add each", "0"),
        (f"{acc} = max({acc}, {digit} * {k} % 11)",
         f"find the largest of each times {k} modulo 11", "0"),
        (f"{acc}.append({about.of(digit)})", f"list, for each, {about.its}", "[]"),
    )  # fmt: skip
    text = block(
        f"""
        {rest} = abs({x})
        {acc} = {start}
        while {rest} > 0:
            {digit} = {rest} % {base}
            <body>
            {rest} //= {base}
        """,
        body=f"if {only.of(digit)}:\n    {line}" if only else line,
    )
    which = f" that {only.many}" if only else ""
    clause = f"go through the {place} of {x.noun}{which} from the last on and {words}"
    if start == "[]":
        return Made(text, acc, "list[int]", clause, "the listed ones", f"{about.tag}_of_digits")
    return Made(text, acc, "int", clause, "the result", "digit_code")


def divisors(d: Draft, x: Value) -> Made:
    """Numbers up to a bound that divide it, or share something with it."""
    n, i = d.name("size", "bound"), d.name("i", "candidate", "divisor")
    k, r = d.constant(2, 6), d.rng.randint(0, 2)
    question, words, tag = d.one_of(
        (f"{n} % {i} == 0", "divides m", "divisors"),
        (f"{n} % {i} == {r + 1}", f"divides m with remainder {r + 1}", "divisors"),
        (f"{i} % {k} == {n} % {k}", f"leaves the same remainder by {k} as m", "partners"),
        (f"{i} * {i} % {k + 5} == {n} % {k + 5}",
         f"has a square with the same remainder by {k + 5} as m", "roots"),
    )  # fmt: skip
    cap = d.constant(20, 60)
    out = d.name(tag, "found", "hits")
    about = key(d, "int", "int")
    as_sum = d.chance(0.5)
    line = f"{out} += {about.of(i)}" if as_sum else f"{out}.append({about.of(i)})"
    text = block(f"""
        {n} = min(abs({x}), {cap})
        {out} = {"0" if as_sum else "[]"}
        for {i} in range(1, {n} + 1):
            if {question}:
                {line}
    """)
    verb = "add up" if as_sum else "list"
    clause = (
        f"let m be the absolute value of {x.noun}, {cap} at most, and {verb}, "
        f"for each k from 1 to m that {words}, {about.about('k')}"
    )
    gives = "int" if as_sum else "list[int]"
    noun = "the sum" if as_sum else "the listed ones"
    return Made(text, out, gives, clause, noun, f"{tag}_{'total' if as_sum else 'found'}")


def steps_down(d: Draft, x: Value) -> Made:
    """Halve and subtract until a number is small, in a loop whose measure falls."""
    n, steps = d.name("current", "rest", "state"), d.name("steps", "rounds", "path")
    k, low = d.rng.randint(2, 5), d.constant(1, 6)
    less, cap = d.constant(1, 5), d.one_of(60, 90, 99, 120, 200)
    as_list = d.chance(0.5)
    question = d.one_of(
        (f"{n} % {k} == 0", f"divisible by {k}"),
        (f"{n} % 2 == 1", "odd"),
        (f"{n} > {low * 9}", f"above {low * 9}"),
    )
    line = f"{steps}.append({n})" if as_list else f"{steps} += 1"
    text = block(f"""
        {n} = min(abs({x}), {cap})
        {steps} = {"[]" if as_list else "0"}
        while {n} > {low}:
            if {question[0]}:
                {n} //= {k}
            else:
                {n} -= {less}
            {line}
    """)
    note = "note each value" if as_list else "count the steps"
    clause = (
        f"from the absolute value of {x.noun}, {cap} at most, while above {low}, divide by "
        f"{k} (rounding down) if "
        f"{question[1]} and otherwise subtract {less}, and {note}"
    )
    noun = "the values" if as_list else "the number of steps"
    gives = "list[int]" if as_list else "int"
    return Made(text, steps, gives, clause, noun, "path_down" if as_list else "steps_down")


def sequence(d: Draft, x: Value) -> Made:
    """A list grown by a rule, as long as the loop may run."""
    out, i = d.name("terms", "series", "values"), d.name("i", "step", "_")
    n = d.trips(3)
    k, m = d.constant(2, 7), d.constant(9, 60)
    rule, words = d.one_of(
        (f"{out}[-1] + {k}", f"the last plus {k}"),
        (f"({out}[-1] * {k} + 1) % {m}", f"{k} times the last plus 1, modulo {m}"),
        (f"{out}[-1] // 2 if {out}[-1] % 2 == 0 else {out}[-1] + {k}",
         f"half of the last if that is even, else the last plus {k}"),
        (f"({out}[-1] ** 2 + {k}) % {m}", f"the square of the last plus {k}, modulo {m}"),
        (f"{out}[-1] - {k} if {out}[-1] > {k} else {out}[-1] * 2",
         f"the last minus {k} if it is above {k}, else twice the last"),
        (f"{m} - {out}[-1] + {k}", f"{m + k} minus the last"),
    )  # fmt: skip
    stop = d.constant(20, 90)
    body = f"if {out}[-1] > {stop}:\n    break" if d.chance(0.4) else ""
    text = block(
        f"""
        {out} = [{x}]
        for _ in range({n}):
            <stop>
            {out}.append({rule})
        """,
        stop=body,
    )
    del i
    until = f", stopping at a value above {stop}" if body else ""
    clause = f"start a list with {x.noun} and add {n} times {words}{until}"
    return Made(text, out, "list[int]", clause, "the listed ones", "series")


def counting(d: Draft, x: Value) -> Made:
    """A loop over a fixed range in which the number plays a part."""
    i, acc = d.name("i", "step", "k"), d.name("total", "count", "score")
    low, n, k = d.rng.randint(1, 3), d.trips(4), d.constant(2, 7)
    question, words = d.one_of(
        (f"({x} + {i}) % {k} == 0", f"k plus {x.noun} is a multiple of {k}"),
        (f"{x} > {i} * {k}", f"{k} times k is less than {x.noun}"),
        (f"{x} % {i} == 0", f"k divides {x.noun}"),
        (f"{x} & {i}", f"k and {x.noun} share a binary digit"),
        (f"({x} * {i}) % {k + 1} < {k // 2 + 1}",
         f"k times {x.noun} leaves a remainder below {k // 2 + 1} by {k + 1}"),
    )  # fmt: skip
    about = key(d, "int", "int")
    other = d.constant(1, 4)
    text = block(f"""
        {acc} = 0
        for {i} in range({low}, {low + n}):
            if {question}:
                {acc} += {about.of(i)}
            else:
                {acc} -= {other}
    """)
    clause = (
        f"for each k from {low} to {low + n - 1}, add {about.about('k')} if {words}, "
        f"and subtract {other} if not"
    )
    return Made(text, acc, "int", clause, "the total", "score")


def classified(d: Draft, x: Value) -> Made:
    """Early returns in words: only as a helper or the last step."""
    cases = d.rng.randint(2, 3)
    labels = d.one_of(
        ("low", "medium", "high", "other"),
        ("cold", "mild", "warm", "unknown"),
        ("small", "fair", "big", "odd one"),
        ("bronze", "silver", "gold", "none"),
    )
    out = d.name("label", "grade", "kind")
    tests = _cases(d, cases)
    lines, said = [], []
    for number, (question, label) in enumerate(zip(tests, labels, strict=False)):
        lines.append(f'{"elif" if number else "if"} {question.of(str(x))}:\n    {out} = "{label}"')
        said.append(f'"{label}" if it {question.one}')
    text = "\n".join([*lines, f'else:\n    {out} = "{labels[cases]}"'])
    clause = f'label {x.noun}: {", else ".join(said)}, else "{labels[cases]}"'
    return Made(text, out, "str", clause, "the label", f"{labels[0]}_or_{labels[2]}")


def _cases(d: Draft, amount: int) -> list[Test]:
    """Questions of which each can be the first that is answered with yes."""
    if d.chance(0.7):
        bounds, bound = [], d.constant(-5, 6)
        for _ in range(amount):
            bounds.append(bound)
            bound += d.constant(2, 20)
        return [Test(f"{{x}} < {each}", f"is|is below {each}", "low") for each in bounds]
    divisors = sorted(d.rng.sample(range(2, 10), amount), reverse=True)
    return [Test(f"{{x}} % {each} == 0", f"is|is divisible by {each}", "fit") for each in divisors]


def changed(d: Draft, x: Value) -> Made:
    """One or two steps of arithmetic."""
    k, m = d.constant(2, 12), d.constant(3, 20)
    question = test(d, "int")
    yes, no = key(d, "int", "int"), key(d, "int", "int")
    expr, words = d.one_of(
        (f"({x} * {k} + {m}) % {m + 10}", f"{k} times it plus {m}, modulo {m + 10}"),
        (f"{yes.of(str(x))} if {question.of(str(x))} else {no.of(str(x))}",
         f"{yes.its} if it {question.one}, and {no.its} if not"),
        (f"max({x}, {k}) - min({x}, {m})", f"the larger of it and {k} less the smaller of it "
         f"and {m}"),
        (f"{x} // {k} + {x} % {k}", f"its quotient and remainder by {k}, added"),
    )  # fmt: skip
    clause = f"take {x.noun} and work out {words}"
    return Made("", expr, "int", clause, "the outcome", "adjusted")


def text_of(d: Draft, x: Value) -> Made:
    """A number written in another way."""
    rest, out = d.name("rest", "left"), d.name("written", "text", "code")
    base = d.rng.randint(2, 9)
    marks = d.one_of("0123456789", "abcdefghij", "zyxwvutsrq")
    text = block(f"""
        {rest} = abs({x})
        {out} = ""
        while {rest} > 0:
            {out} = "{marks[:base]}"[{rest} % {base}] + {out}
            {rest} //= {base}
    """)
    clause = f'write the absolute value of {x.noun} in base {base} with the digits "{marks[:base]}"'
    fill = d.one_of("", f" or {marks[0]!r}".replace("'", '"'))
    blank = f", {marks[0]} for zero" if fill else ", nothing for zero"
    return Made(text, out + fill, "str", clause + blank, "what is written", f"base_{base}_text")
