"""Small expressions about one item, each with the words for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyx_dataset.seeds.procedural.draft import Draft, quoted

LETTERS = "aeioustrnlmcdphb"


@dataclass(frozen=True, slots=True)
class Test:
    """A yes-or-no question about an item."""

    code: str
    """With ``{x}`` for the item."""
    words: str
    """With ``many|one`` for the verb: ``are|is even``."""
    tag: str
    """``even``."""

    def of(self, item: str) -> str:
        """The question about `item`."""
        return self.code.replace("{x}", item)

    @property
    def many(self) -> str:
        """Words about several items: ``are even``."""
        return re.sub(r"(\w+)\|\w+", r"\1", self.words)

    @property
    def one(self) -> str:
        """Words about one item: ``is even``."""
        return re.sub(r"\w+\|(\w+)", r"\1", self.words)


@dataclass(frozen=True, slots=True)
class Key:
    """Something worked out from an item."""

    code: str
    """With ``{x}`` for the item."""
    its: str
    """``its square``."""
    tag: str
    """``squares``."""
    gives: str

    def of(self, item: str) -> str:
        """The expression for `item`."""
        return self.code.replace("{x}", item)

    def about(self, name: str) -> str:
        """The words with a name for the item: ``k's square``."""
        return re.sub(r"\bit\b", name, re.sub(r"\bits\b", f"{name}'s", self.its))

    @property
    def their(self) -> str:
        """The words about several items: ``their square``."""
        return re.sub(r"\bit\b", "the value", re.sub(r"\bits\b", "their", self.its))

    @property
    def single(self) -> str:
        """The tag for one: ``square``."""
        for ending, single in (("xes", "x"), ("ies", "y"), ("s", "")):
            if self.tag.endswith(ending):
                return self.tag.removesuffix(ending) + single
        return self.tag


def test(d: Draft, type_: str) -> Test:
    """Any test of an ``int`` or ``str``."""
    return d.rng.choice(_TESTS[type_])(d)


def letter_test(d: Draft) -> Test:
    """Any test of one character."""
    low, high = sorted(d.rng.sample("bdgkmpsw", 2))
    letters = "".join(sorted(d.rng.sample(LETTERS, d.rng.randint(2, 4))))
    marked = Test(f'{{x}} in "{letters}"', f'are|is one of "{letters}"', "marked")
    return d.one_of(
        Test('{x} in "aeiou"', "are|is a vowel", "vowels"),
        Test('{x}.lower() in "aeiou"', "are|is a vowel in either case", "vowels"),
        Test("{x}.isdigit()", "are|is a digit", "digits"),
        Test("{x}.isalpha()", "are|is a letter", "letters"),
        Test("{x}.isupper()", "are|is upper case", "capitals"),
        Test('{x} != " "', "are|is not a space", "nonspaces"),
        Test(f'"{low}" <= {{x}} <= "{high}"', f'lie|lies from "{low}" to "{high}"', "middle"),
        Test(f'{{x}} not in "{letters}"', f'are|is none of "{letters}"', "unmarked"),
        marked,
        marked,
    )


def key(d: Draft, type_: str, gives: str = "") -> Key:
    """Something about an ``int`` or ``str`` item, of type `gives` if that is said."""
    makers = [make for out, make in _KEYS[type_] if gives in ("", out)]
    return d.rng.choice(makers)(d)


def _above(d: Draft) -> Test:
    code, words = d.number(1, 20, "limit", "threshold", "minimum")
    return Test(f"{{x}} > {code}", f"are|is greater than {words}", "large")


def _below(d: Draft) -> Test:
    code, words = d.number(3, 30, "limit", "maximum", "cap")
    sign, phrase = d.one_of(("<", "less than"), ("<=", "at most"))
    return Test(f"{{x}} {sign} {code}", f"are|is {phrase} {words}", "small")


def _divisible(d: Draft) -> Test:
    k = d.constant(2, 7)
    return Test(f"{{x}} % {k} == 0", f"are|is divisible by {k}", f"multiples_of_{k}")


def _remainder(d: Draft) -> Test:
    k = d.constant(3, 9)
    rest = d.rng.randint(1, k - 1)
    words = f"leave|leaves remainder {rest} when divided by {k}"
    return Test(f"{{x}} % {k} == {rest}", words, "matching")


def _between(d: Draft) -> Test:
    low = d.constant(-10, 8)
    high = low + d.constant(2, 25)
    return Test(f"{low} <= {{x}} <= {high}", f"lie|lies between {low} and {high}", "inner")


def _close(d: Draft) -> Test:
    code, words = d.number(2, 12, "radius", "tolerance")
    target = d.constant(1, 15)
    phrase = f"are|is at most {words} away from {target}"
    return Test(f"abs({{x}} - {target}) <= {code}", phrase, "near")


def _one_of(d: Draft) -> Test:
    members = sorted(d.rng.sample(range(10), 3))
    text = ", ".join(map(str, members))
    words = f"are|is {members[0]}, {members[1]} or {members[2]}"
    return Test(f"{{x}} in ({text})", words, "chosen")


def _longer(d: Draft) -> Test:
    code, words = d.number(2, 6, "limit", "size", "length")
    sign, phrase = d.one_of(
        (">", "more than"), (">=", "at least"), ("<", "fewer than"), ("==", "exactly")
    )
    tag = {">": "long", ">=": "long", "<": "short", "==": "fitting"}[sign]
    return Test(f"len({{x}}) {sign} {code}", f"have|has {phrase} {words} characters", tag)


def _has_letter(d: Draft) -> Test:
    c = d.rng.choice(LETTERS)
    return d.one_of(
        Test(f'"{c}" in {{x}}', f'contain|contains "{c}"', f"with_{c}"),
        Test(f'"{c}" not in {{x}}', f'do|does not contain "{c}"', f"without_{c}"),
        Test(f'{{x}}.startswith("{c}")', f'start|starts with "{c}"', f"starting_with_{c}"),
        Test(f'{{x}}.endswith("{c}")', f'end|ends with "{c}"', f"ending_in_{c}"),
        Test(f'{{x}}.count("{c}") > 1', f'hold|holds "{c}" more than once', f"double_{c}"),
        Test(f'{{x}} < "{c}"', f'come|comes before "{c}" in the alphabet', "early"),
    )


def _by(d: Draft, template: str, its: str, tag: str, low: int = 2, high: int = 9) -> Key:
    k = d.constant(low, high)
    return Key(template.replace("{k}", str(k)), its.replace("{k}", str(k)), tag, "int")


def _letters_of(d: Draft) -> Key:
    c = d.rng.choice(LETTERS)
    return d.one_of(
        Key(f'{{x}}.count("{c}")', f'its number of "{c}"', f"counts_of_{c}", "int"),
        Key(f'{{x}}.find("{c}")', f'the position of "{c}" in it, -1 if absent', "positions", "int"),
        Key('sum(c in "aeiou" for c in {x})', "its number of vowels", "vowel_counts", "int"),
        Key("len(set({x}))", "its number of distinct characters", "varieties", "int"),
    )


def _cut(d: Draft) -> Key:
    k = d.constant(1, 4)
    return d.one_of(
        Key(f"{{x}}[:{k}]", f"its first {k} characters" if k > 1 else "its first character",
            "prefixes" if k > 1 else "initials", "str"),
        Key(f"{{x}}[-{k}:]", f"its last {k} characters" if k > 1 else "its last character",
            "endings", "str"),
        Key(f"{{x}}[{k}:]", f"what follows its first {k} characters" if k > 1
            else "what follows its first character", "tails", "str"),
    )  # fmt: skip


def _respelled(d: Draft) -> Key:
    old, new = d.rng.sample(LETTERS, 2)
    mark = d.rng.choice("-_.+*")
    return d.one_of(
        Key("{x}.upper()", "its upper-case form", "capitals", "str"),
        Key("{x}.lower()", "its lower-case form", "lowered", "str"),
        Key("{x}.title()", "its title-case form", "titles", "str"),
        Key("{x}[::-1]", "its reverse", "mirrored", "str"),
        Key('"".join(sorted({x}))', "its characters in order", "sorted_letters", "str"),
        Key(f'{{x}}.replace("{old}", "{new}")', f'it with "{new}" for every "{old}"',
            "respelled", "str"),
        Key(f'{{x}} + "{mark}"', f'it with "{mark}" at its end', "marked", "str"),
        Key(f'{{x}}.strip("{mark}{old}")', f'it without "{mark}" and "{old}" at its ends',
            "stripped", "str"),
    )  # fmt: skip


def _sorted_into(d: Draft) -> Key:
    question = test(d, "int")
    yes, no = d.one_of(("high", "low"), ("yes", "no"), ("in", "out"), ("hit", "miss"), ("a", "b"))
    its = f"{quoted(yes)} if it {question.one} and {quoted(no)} otherwise"
    code = f"{quoted(yes)} if {question.code} else {quoted(no)}"
    return Key(code, its, "labels", "str")


_Makers = list[Callable[[Draft], Test]]
_TESTS: dict[str, _Makers] = {
    "int": [
        lambda d: d.one_of(
            Test("{x} % 2 == 0", "are|is even", "even"),
            Test("{x} % 2 == 1", "are|is odd", "odd"),
            Test("{x} > 0", "are|is positive", "positive"),
            Test("{x} < 0", "are|is negative", "negative"),
        ),
        _above, _above, _below, _divisible, _remainder, _between, _close, _one_of,
    ],
    "str": [
        _longer,
        _has_letter,
        _has_letter,
        lambda d: d.one_of(
            Test("{x} == {x}[::-1]", "read|reads the same backwards", "palindromes"),
            Test("{x}.isalpha()", "consist|consists of letters only", "plain"),
            Test("{x}.isupper()", "are|is upper case", "upper"),
            Test("{x}.islower()", "are|is lower case", "lower"),
            Test("{x}[:1] == {x}[-1:]", "end|ends as they start|it starts", "closed"),
            Test("len({x}) % 2 == 0", "have|has an even number of characters", "even_sized"),
            Test("len(set({x})) == len({x})", "repeat|repeats no character", "distinct_lettered"),
        ),
    ],
}  # fmt: skip
_KEYS: dict[str, list[tuple[str, Callable[[Draft], Key]]]] = {
    "int": [
        ("int", lambda d: d.one_of(
            Key("{x} * {x}", "its square", "squares", "int"),
            Key("abs({x})", "its absolute value", "sizes", "int"),
            Key("-{x}", "its negative", "negated", "int"),
            Key("len(str(abs({x})))", "its number of digits", "digit_counts", "int"),
        )),
        ("int", lambda d: _by(d, "{x} % {k}", "its remainder by {k}", "remainders")),
        ("int", lambda d: _by(d, "{x} // {k}", "its quotient by {k}, rounded down", "quotients")),
        ("int", lambda d: _by(d, "{x} * {k}", "{k} times it", "multiples")),
        ("int", lambda d: _by(d, "{x} + {k}", "its sum with {k}", "shifted", 1, 20)),
        ("int", lambda d: _by(d, "{k} - {x}", "{k} minus it", "gaps", 5, 50)),
        ("int", lambda d: _by(d, "abs({x} - {k})", "its distance from {k}", "distances", 1, 25)),
        ("int", lambda d: _by(d, "min({x}, {k})", "the smaller of it and {k}", "capped", 4, 30)),
        ("int", lambda d: _by(d, "max({x}, {k})", "the larger of it and {k}", "raised", 0, 12)),
        ("str", lambda d: Key("str({x})", "it written out", "texts", "str")),
        ("str", _sorted_into),
        ("str", lambda d: Key(f'"{d.one_of("#", "no. ", "item ", "v")}" + str({{x}})',
                              "a label that shows it", "labels", "str")),
    ],
    "str": [
        ("int", lambda d: Key("len({x})", "its length", "lengths", "int")),
        ("int", _letters_of),
        ("int", lambda d: _by(d, "len({x}) * {k}", "{k} times its length", "weights", 2, 6)),
        ("int", lambda d: _by(d, "len({x}) % {k}", "its length modulo {k}", "remainders", 2, 5)),
        ("str", _cut),
        ("str", _respelled),
        ("str", _respelled),
    ],
}  # fmt: skip
