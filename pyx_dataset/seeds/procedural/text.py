"""Idioms for texts and lists of words."""

from pyx_dataset.seeds.procedural.draft import Draft, Made, Value, block, quoted
from pyx_dataset.seeds.procedural.pieces import LETTERS, key, letter_test, test


def words_of(d: Draft, x: Value) -> Made:
    """The words of a text, perhaps only some."""
    if d.chance(0.4):
        return Made("", f"{x}.split()", "list[str]", f"split {x.noun} into words", "the words",
                    "words", ("words", "parts"))  # fmt: skip
    question, word, out = test(d, "str"), d.name("word", "part"), d.name("words", "parts", "terms")
    about = key(d, "str", "str")
    text = block(f"""
        {out} = []
        for {word} in {x}.split():
            if {question.of(word)}:
                {out}.append({about.of(word)})
    """)
    clause = f"take of each word in {x.noun} that {question.one} {about.its}"
    return Made(text, out, "list[str]", clause, "these", f"{about.tag}_of_words")


def letters_kept(d: Draft, x: Value) -> Made:
    """A new text from the characters that pass a test, others replaced or dropped."""
    question, char, out = letter_test(d), d.item(x), d.name("result", "cleaned", "built")
    mark = d.rng.choice("_-.*#")
    yes, how = d.one_of(
        (char, "as it is"),
        (f"{char}.upper()", "in upper case"),
        (f"{char}.lower()", "in lower case"),
        (f"{char} * 2", "twice"),
        (f'"{mark}" + {char}', f'with "{mark}" before it'),
    )
    no = d.one_of("", f'"{mark}"', f"{char}.upper()")
    other = f"else:\n    {out} += {no}" if no else ""
    words = {"": "dropping the others", f'"{mark}"': f'with "{mark}" for any other'}
    text = block(
        f"""
        {out} = ""
        for {char} in {x}:
            if {question.of(char)}:
                {out} += {yes}
            <other>
        """,
        other=other or "pass",
    ).replace("\n    pass", "")
    rest = words.get(no, "and any other in upper case")
    clause = f"build a text from {x.noun} with each character that {question.one} {how}, {rest}"
    return Made(text, out, "str", clause, "that text", f"{question.tag}_text")


def shifted(d: Draft, x: Value) -> Made:
    """A letter cipher."""
    code, words = d.number(1, 12, "shift", "offset", "step")
    char, out = d.item(x), d.name("coded", "secret", "result")
    base, what = d.one_of(("a", "lower-case"), ("A", "upper-case"))
    last = "z" if base == "a" else "Z"
    sign, way = d.one_of(("+", "forwards"), ("-", "backwards"))
    moved = f'chr((ord({char}) - ord("{base}") {sign} {code}) % 26 + ord("{base}"))'
    other, rest = d.one_of((char, "keep the rest"), ('"?"', 'put "?" for the rest'))
    text = block(f"""
        {out} = []
        for {char} in {x}:
            if "{base}" <= {char} <= "{last}":
                {out}.append({moved})
            else:
                {out}.append({other})
    """)
    clause = f"move the {what} letters of {x.noun} {words} places {way} in the alphabet and {rest}"
    return Made(
        text,
        f'"".join({out})',
        "str",
        clause,
        "the coded text",
        "shifted_text",
        ("code", "coded_text"),
    )


def letter_counts(d: Draft, x: Value) -> Made:
    """How often each character that passes a test occurs."""
    question, char, counts = letter_test(d), d.item(x), d.name("counts", "tally", "seen")
    text = block(f"""
        {counts} = {{}}
        for {char} in {x}:
            if {question.of(char)}:
                {counts}[{char}] = {counts}.get({char}, 0) + 1
    """)
    clause = f"count each character of {x.noun} that {question.one}"
    return Made(text, counts, "dict[str, int]", clause, "the counts", f"{question.tag}_counts")


def letters_that(d: Draft, x: Value) -> Made:
    """Number or places of the characters that pass a test."""
    question, char, i = letter_test(d), d.item(x), d.name("i", "index")
    if d.chance(0.5):
        expr = f"[{i} for {i}, {char} in enumerate({x}) if {question.of(char)}]"
        clause = f"find the positions in {x.noun} of characters that {question.many}"
        return Made("", expr, "list[int]", clause, "the positions", f"places_of_{question.tag}",
                    ("places", "spots"))  # fmt: skip
    count = d.name("count", "hits")
    k = d.constant(1, 5)
    text = block(f"""
        {count} = 0
        for {char} in {x}:
            if {question.of(char)}:
                {count} += {k}
    """)
    each = f"{k} for each" if k > 1 else "one for each"
    clause = f"count {each} character of {x.noun} that {question.one}"
    return Made(text, count, "int", clause, "the count", f"{question.tag}_score")


def packed(d: Draft, x: Value) -> Made:
    """Run lengths as text."""
    i, j, out = d.name("i", "start"), d.name("j", "end"), d.name("packed", "result")
    least = d.rng.randint(1, 3)
    glue = d.one_of("", ":", "x", "*")
    count = f"str({j} - {i})"
    many = f'{count} + "{glue}" + {x}[{i}]' if glue else f"{x}[{i}] + {count}"
    shown = "count, " + f'"{glue}"' + " and character" if glue else "character and count"
    text = block(f"""
        {out} = ""
        {i} = 0
        while {i} < len({x}):
            {j} = {i}
            while {j} < len({x}) and {x}[{j}] == {x}[{i}]:
                {j} += 1
            if {j} - {i} > {least}:
                {out} += {many}
            else:
                {out} += {x}[{i}:{j}]
            {i} = {j}
    """)
    clause = f"write every run of more than {least} equal characters in {x.noun} as {shown}"
    return Made(text, out, "str", clause, "the text", "packed_text")


def depth(d: Draft, x: Value) -> Made:
    """Nesting of brackets, or a walk by characters."""
    up, down = d.one_of(("(", ")"), ("[", "]"), ("<", ">"), ("{", "}"), ("u", "d"), ("+", "-"))
    char, level = d.item(x), d.name("depth", "level", "height")
    deepest = d.name("deepest", "peak", "most")
    k = d.rng.randint(1, 3)
    what, code, noun, tag = d.one_of(
        ("the highest level", deepest, "that level", "deepest_level"),
        ("the level at the end", level, "that level", "final_level"),
        ("whether it ends at 0", f"{level} == 0", "the answer", "is_balanced"),
        ("the highest and the last level", f"({deepest}, {level})", "both", "levels"),
    )
    track = f"{deepest} = max({deepest}, {level})" if deepest in code else ""
    stop = d.chance(0.4)
    text = block(
        f"""
        {level} = {deepest + " = " if track else ""}0
        for {char} in {x}:
            if {char} == {quoted(up)}:
                {level} += {k}
            elif {char} == {quoted(down)}:
                {level} -= {k}
            <stop>
            <track>
        """,
        stop=f"if {level} < 0:\n    {level} = 0" if stop else "",
        track=track,
    )
    floor = ", never below 0" if stop else ""
    clause = (
        f'read {x.noun}, {k} up for each "{up}" and {k} down for each "{down}"{floor}, '
        f"and find {what}"
    )
    gives = {"levels": "tuple[int, int]", "is_balanced": "bool"}.get(tag, "int")
    return Made(text, code, gives, clause, noun, tag)


def mirrored(d: Draft, x: Value) -> Made:
    """Compare characters from both ends."""
    i, j = d.name("left", "i"), d.name("right", "j")
    bad, limit = d.name("mismatches", "errors", "differences"), d.rng.randint(0, 3)
    expr, gives, what, tag = d.one_of(
        (bad, "int", "count the places that differ", "mirror_errors"),
        (f"{bad} <= {limit}", "bool", f"tell whether {limit} places at most "
         f"differ", "is_nearly_mirrored"),
        (f"len({x}) - {limit + 1} * {bad}", "int",
         f"take the length less {limit + 1} for each place that differs", "mirror_score"),
    )  # fmt: skip
    fold = d.chance(0.4)
    same = f"{x}[{i}].lower() != {x}[{j}].lower()" if fold else f"{x}[{i}] != {x}[{j}]"
    text = block(f"""
        {i}, {j} = 0, len({x}) - 1
        {bad} = 0
        while {i} < {j}:
            if {same}:
                {bad} += 1
            {i} += 1
            {j} -= 1
    """)
    case = ", case aside," if fold else ""
    clause = f"compare {x.noun}{case} with its reverse from both ends and {what}"
    return Made(text, expr, gives, clause, "the answer", tag)


def pieces(d: Draft, x: Value) -> Made:
    """Numbers or parts found in a text."""
    char, now, out = d.item(x), d.name("current", "part", "piece"), d.name("parts", "found")
    question, k = letter_test(d), d.rng.randint(2, 4)
    if d.chance(0.4):
        i = d.name("i", "start")
        expr = f"[{x}[{i}:{i} + {k}] for {i} in range(len({x}) - {k - 1})]"
        clause = f"list all stretches of {k} characters of {x.noun}"
        return Made("", expr, "list[str]", clause, "the listed ones", f"stretches_of_{k}", (out,))
    text = block(f"""
        {out} = []
        {now} = ""
        for {char} in {x}:
            if {question.of(char)}:
                {now} += {char}
            elif {now}:
                {out}.append({now})
                {now} = ""
        if {now}:
            {out}.append({now})
    """)
    clause = f"cut out of {x.noun} the stretches of characters that {question.many}"
    return Made(text, out, "list[str]", clause, "the stretches", f"stretches_of_{question.tag}")


def respelled(d: Draft, x: Value) -> Made:
    """One change to the whole text."""
    about = key(d, "str", "str")
    return Made("", about.of(str(x)), "str", f"take of {x.noun} {about.its}", "the new text",
                f"{about.single}_text", ("changed", "fresh"))  # fmt: skip


def measured(d: Draft, x: Value) -> Made:
    """A number about the whole text."""
    about = key(d, "str", "int")
    return Made("", about.of(str(x)), "int", f"find of {x.noun} {about.its}", "that number",
                f"{about.single}_of_{x.code}", (about.single, "measure"))  # fmt: skip


def letter_sum(d: Draft, x: Value) -> Made:
    """A checksum of characters."""
    char, acc, i = d.item(x), d.name("total", "code", "checksum"), d.name("i", "place")
    k, modulus = d.constant(2, 31), d.constant(7, 97)
    start = d.constant(0, 7)
    head, line, words = d.one_of(
        (f"for {char} in {x}", f"{acc} = ({acc} * {k} + ord({char})) % {modulus}",
         f"multiply by {k}, add its character code, modulo {modulus}"),
        (f"for {i}, {char} in enumerate({x}, 1)", f"{acc} += {i} * (ord({char}) % {modulus})",
         f"add its place, from 1 on, times its character code modulo {modulus}"),
        (f"for {char} in {x}", f"{acc} = ({acc} + ord({char})) % {modulus}",
         f"add its character code, modulo {modulus}"),
    )  # fmt: skip
    text = block(f"""
        {acc} = {start}
        {head}:
            {line}
    """)
    clause = f"start from {start} and for each character of {x.noun} {words}"
    return Made(text, acc, "int", clause, "the checksum", f"checksum_of_{x.code}")


def has_any(d: Draft, x: Value) -> Made:
    """Vowels and the like of a text, as a yes or no."""
    letters = "".join(d.rng.sample(LETTERS, 3))
    word, expr_of = d.one_of(("any", "any"), ("all", "all"))
    inner = d.name("c", "mark")
    expr = f'{expr_of}({inner} in {x} for {inner} in "{letters}")'
    clause = f'tell whether {word} of the letters "{letters}" occur in {x.noun}'
    return Made("", expr, "bool", clause, "the answer", f"has_{word}_{letters}")
