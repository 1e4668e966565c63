r"""The shapes of sentences in which language models say what a run does: one rule, one shape.

Code is already taken out of the words: ``\x00number\x00`` stands for a piece of it.
"""

import re

ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
ORDERS = {
    "greater than or equal to": ">=", "less than or equal to": "<=", "greater than": ">",
    "less than": "<", "not equal to": "!=", "equal to": "==",
}  # fmt: skip

_S = r"\x00(?P<s>\d+)\x00"  # what is spoken of
_O = r"\x00(?P<o>\d+)\x00"  # another piece of code
_ENDS = r"(?!\s+(?!and|or|since|because|which|so|in|at|after|when|as|from|but|here)[a-z]+)"
_V = (
    r"(?:\x00(?P<v>\d+)\x00(?!\s+(?:to|repeated|multiplied)\b|\s*(?:\*|\+)"
    r"|(?:\s+and|,)\s+\x00\d+\x00(?=\s*(?:[,.;)]|and\b|$)))"
    rf"|(?P<bare>-?\d+(?:\.\d+)?(?![\w%/]|\.\d){_ENDS}|True\b|False\b|None\b)"
    r"|(?:an?\s+)?empty\s+(?P<empty>string|list|dictionary|tuple)\b(?!:?\s*\(?\x00))"
)
_COUNT = r"(?P<bare>\d+)(?=\s+(?:characters|elements|items|letters))"
_N = r"(?:\x00(?P<n>\d+)\x00|(?P<index>-?\d+))"
_FILL = (
    r"(?:[\s:(]+(?:now|still|also|again|the|a|an|its|new|same|value|values|string|list|dictionary"
    r"|tuple|set|array|integer|of|as|to|indeed|simply|just|empty|following|result|character"
    r"|substring|this|unchanged|initialized|assigned|exactly|modified|then|equal|true|characters"
    r"|words|numbers|elements|integers|digits|pairs|tuples|strings|containing))*[\s:(]+"
)
_IS = (
    r"(?:is|are|was|becomes?|become|equals|gives|gives\s+us|yields?|returns?|results?\s+in"
    r"|evaluates?\s+to|holds|has\s+the\s+value|remains?|stays|keeps|looks?\s+like"
    r"|(?:will|would)\s+(?:be|become|look\s+like)|changes\s+to|turns\s+into|translates\s+to"
    r"|simplifies\s+to|generates|produces|being|becoming|comes\s+to|contains?|has"
    r"|(?:(?:is|are|gets|was|will\s+be|being)\s+)?(?:now\s+|then\s+)?(?:set|initialized|updated"
    r"|assigned|incremented|decremented|changed|reduced|increased|defined|calculated|converted"
    r"|reset|created|found|computed|evaluated|reversed|sorted|extended|modified)"
    r"(?:\s+(?:to|as|with|at\s+index))?(?:\s+be(?:come)?)?)"
)
_WHICH = r"which\s+(?:is|equals|becomes|gives|gives\s+us|evaluates\s+to|simplifies\s+to|remains)"
_LEADS = (
    r"(?:(?:which\s+)?results?\s+in|resulting\s+in|giving(?:\s+us)?|gives(?:\s+us)?|yields"
    r"|yielding|producing|produces|making\s+it|changing\s+it\s+to|leaving|to\s+get|to\s+form|becoming|→"
    r"|will\s+(?:yield|give|produce|result\s+in)|so\s+it\s+(?:is|becomes|remains))"
)
_THING = r"(?:string|list|dictionary|tuple|array|result|output|text|substring|sequence|slice|value)"
_ITEM = r"(?:character|element|value|item|digit|letter|word|number)"
_PLACED = r"(?:character|element|item|digit|letter)"  # a word has no index in a text
_NOT = r"(?:\s+(?:is|does|was|are)(?P<not>n't|\s+not|\s+no\s+longer)?)"
_NO_START = r"(?<!from the )(?<!after the )(?<!with the )(?<!at the )"
_NTH = rf"(?P<nth>{'|'.join(f'[{w[0].upper()}{w[0]}]{w[1:]}' for w in (*ORDINALS, 'last'))})"
_RAN = r"(?:executed?s?|run|entered|enter|reached|start)"
_NOUN = r"(?:\s+(?!(?:not|is|are|and|or|but|so|then)\b)[a-z]+)"
_FEW = r"(?:\s+(?!not\b)[a-z]+)"

RULES: tuple[tuple[str, str], ...] = (
    # "the character at index 1 is 'b'", "the first word is 'a'"
    ("at", rf"{_ITEM}s?\s+at\s+(?:index|position)\s+{_N}(?:\s+(?:of|in)\s+(?:the\s+)?{_S})?,?"
           rf"(?:\s+\([^\x00]*\))?\s+{_IS}{_FILL}{_V}"),
    ("from", rf"from\s+index\s+{_N}\s+to\s+the\s+end[^\x00.]*\s+{_IS}{_FILL}{_V}"),
    ("between", rf"from\s+index\s+{_N}\s+to\s+(?:index\s+)?(?:\x00(?P<o>\d+)\x00|(?P<end>-?\d+))"
                rf"\s+(?:of|in)\s+(?:the\s+)?{_S}\s+{_IS}{_FILL}{_V}"),
    ("nth", rf"{_NO_START}{_NTH}\s+{_PLACED}"
            rf"(?:\s+(?:of|in)\s+(?:the\s+)?{_S})?(?:\s+{_IS}|(?=:)){_FILL}{_V}"),
    ("nth", rf"{_NO_START}{_NTH}\s+{_PLACED}\s+\(?{_V}"),
    # "the length of `x` is 3", "the index of 'b' in `s` is 1"
    *(("length", rf"length\s+of\s+(?:[a-z]+\s+)*?(?:{_S})?[^\x00.;]{{0,30}}?\s+{_IS}{_FILL}"
                 rf"{number}")
      for number in (_V, _COUNT)),
    ("index", rf"(?:index|position)\s+of\s+(?:the\s+)?(?P<which>first|last)?\s*"
              rf"(?:occurrence\s+of\s+)?{_O}\s+in\s+(?:the\s+)?(?:{_THING}\s+)?{_S},?\s*"
              rf"(?:which\s+)?{_IS}{_FILL}{_V}"),
    ("index", rf"(?P<which>first|last)\s+(?:occurrence\s+of\s+)?{_O}\s+in\s+(?:the\s+)?"
              rf"(?:{_THING}\s+)?{_S}\s+is\s+at\s+index\s+{_V}"),
    ("stands", rf"{_V}\s+is\s+(?:located\s+|found\s+)?at\s+index\s+{_N}\s+(?:of|in)\s+"
               rf"(?:the\s+)?(?:{_THING}\s+)?{_S}"),
    # "'b' is not in `s`", "`x` (which is 3) is greater than 2"
    ("member", rf"{_O}{_NOT}(?:\s+(?:present|found|contained|included|indeed))*\s+in\s+"
               rf"(?:the\s+)?(?:{_THING}\s+)?{_S}"),
    ("compare", rf"{_O}(?:\s+\((?:which|it)\s+is[^)]*\))?{_NOT}\s+(?P<op>{'|'.join(ORDERS)})\s+"
                rf"(?:\x00(?P<s>\d+)\x00|(?P<index>-?\d+)\b)"),
    ("append", rf"{_V}\s+is\s+(?:then\s+)?appended\s+to\s+(?:the\s+)?(?:end\s+of\s+)?(?:the\s+)?"
               rf"(?:list\s+)?{_S}"),
    ("equation", rf"{_S}\s+=\s+{_V}"),
    # "`x > 2` is true", "the condition evaluates to `False`"
    ("truth", rf"(?:[Cc]ondition|[Tt]his|[Cc]heck|[Cc]omparison|[Cc]onditions|it|and|which)"
              rf"(?:\s+\(?{_S}\)?)?(?:\s+\([^)]*\))?,?\s+(?:is|are|evaluates\s+to|returns|becomes)"
              rf"\s+(?:also\s+|therefore\s+|indeed\s+|still\s+|now\s+|both\s+)*"
              rf"(?:\x00(?P<v>\d+)\x00|(?P<bare>[Tt]rue|[Ff]alse)\b)"),
    ("truth", rf"{_S}(?:\s+\([^)]*\))?,?\s+(?:which\s+)?(?:is|evaluates\s+to|returns)\s+"
              rf"(?:also\s+)?(?P<bare>[Tt]rue|[Ff]alse)\b"),
    # "the loop does not run", "the loop starts", "the `break` is reached"
    ("loop_not", rf"loop(?:\s+body)?{_FEW}{{0,2}}?\s+(?:(?:does|will|is)(?:n't|\s+not)|is\s+never"
                 rf"|never)\s+(?:be\s+)?{_RAN}"),
    ("loop_ends", r"loop\s+(?:ends|exits|terminates|stops|finishes|is\s+exited)"),
    ("loop_runs", r"loop\s+(?:begins|starts|is\s+entered|continues)|enters?\s+the\s+loop"),
    ("reached", rf"{_S}(?:\s+statement)?(?:\s+at(?:\s+line)?)?\s+is\s+(?:then\s+)?"
                r"(?:executed|reached|triggered)"),
    ("called", rf"(?:call(?:ed|s)?|with|input|arguments?|parameters?|and|,)\s+"
               rf"(?:[a-z]+\s+){{0,3}}?{_S}\s+(?:as|set\s+to|being|of|equal\s+to)\s+{_V}"),
    ("input", rf"[Ii]nput(?:\s+[a-z]+){{0,2}}?\s+(?:is|=){_FILL}{_V}"),
    ("input", rf"called\s+with(?:\s+[a-z]+){{0,4}}\s+{_V}"),
    ("value", rf"(?:[Uu]pdat|[Ss]et|[Ii]nitializ|[Ii]ncrement|[Dd]ecrement|[Cc]hang|[Rr]eassign)"
              rf"(?:e?s?|ts|ting|ing)\s+(?:the\s+)?(?:[a-z]+\s+)?{_S}\s+(?:to|=)\s+{_V}"),
    ("value", rf"empty\s+(?P<empty>string|list|dictionary|tuple)\s+(?:called\s+|named\s+)?{_S}"
              r"\s+is\s+(?:initialized|created)"),
    ("value", rf"{_S}\s+(?:finds|locates|looks)[^.;]*?\s+at\s+index\s+{_V}"),
    # "`x` becomes 3", "`f(x)`, which is 3", "`x + 1` results in 4"
    ("value", rf"{_S}{_NOUN}{{0,2}}?(?:\s+\([^)\x00]*\))?,?\s+(?:which\s+)?{_IS}{_FILL}{_V}"),
    ("colon", rf"{_S}(?:\s+[a-z]+)?:\s+{_V}(?=[.\s]*$)"),
    ("which", rf"{_S}[^\x00.;]{{0,70}}?[\s(]{_WHICH}{_FILL}{_V}"),
    ("leads", rf"{_S}[^\x00.;]{{0,70}}?[\s(]{_LEADS}{_FILL}{_V}"),
    ("returns", rf"(?:[Ff]unction|[Ii]t|[Pp]rogram|[Cc]all|and)\s+(?:then\s+|finally\s+|will\s+)?"
                rf"returns?{_FILL}{_V}"),
    ("returns", rf"{_V},?\s+is\s+returned"),
    ("result", rf"(?:[Rr]esult|[Rr]esulting|[Ff]inal|[Nn]ew|[Mm]odified|[Uu]pdated|[Cc]onverted"
               rf"|[Ss]orted|[Rr]eversed|[Ss]tripped|[Tt]ransformed){_FEW}{{0,6}}?"
               rf"(?:\s+{_IS})?{_FILL}{_V}"),
    ("noun", rf"[Tt]he\s+(?P<noun>count|sum)(?:\s+of\s[^.]*?)?\s+is{_FILL}{_V}"),
    ("result", rf"{_LEADS}{_FILL}{_V}"),
    ("result", rf"which\s+is{_FILL}{_V}"),
    ("result", rf"(?<!of )(?<!in )(?<!to )(?:[Tt]he|[Ss]o\s+the)\s+(?:(?!format)[a-z]+\s+)?{_THING}"
               rf"(?:\s+after\s+(?:[a-z]+\s*)*{_S})?{_FEW}{{0,3}}?\s+{_IS}{_FILL}{_V}"),
    ("result", rf"(?:[Tt]he|[Cc]urrent|[Nn]ext)\s+{_ITEM}\s+is{_FILL}{_V}"),
    ("result", rf"(?:split|joined|converted|reversed|sorted|updated|combined|concatenated)"
               rf"{_FEW}{{0,5}}?:\s*{_V}(?=[.\s]*$)"),
    ("result", rf"After\s+[a-z]+ing(?:\s+[a-z]+){{0,3}}{_FILL}{_V}"),
)  # fmt: skip
"""Name and shape; where two say something of the same value, the first counts."""

PROPERTIES: tuple[tuple[str, str], ...] = (
    (r"(?:an?\s+)?(?:digit|decimal)s?\b", "{}.isdigit()"),
    (r"(?:in\s+|an?\s+)?upper\s?case\b", "{}.isupper()"),
    (r"(?:in\s+|an?\s+)?lower\s?case\b", "{}.islower()"),
    (r"(?:an?\s+)?(?:alphabetic|letter\b)", "{}.isalpha()"),
    (r"(?:an?\s+)?alphanumeric\b", "{}.isalnum()"),
    (r"(?:an?\s+)?whitespace\b", "{}.isspace()"),
    (r"(?:in\s+)?ASCII\b", "{}.isascii()"),
    (r"empty\b", "len({}) == 0"),
    (r"(?:an?\s+)?even\b", "{} % 2 == 0"),
    (r"(?:an?\s+)?odd\b", "{} % 2 == 1"),
    (r"(?:a\s+)?positive\b", "{} > 0"),
    (r"(?:a\s+)?negative\b", "{} < 0"),
)
"""What is said of a value in a word, and the expression that tells whether it is so."""
_HOLDS = (
    rf"{_O}(?:\s+\([^)]*\))?(?:,?\s+which)?\s+(?:is|was|remains)(?P<not>n't|\s+not|\s+no\s+longer)?"
    r"(?:\s+(?:also|indeed|entirely|still|now|already))*\s+"
)
RULES = (
    *RULES,
    *((template, _HOLDS + words) for words, template in PROPERTIES),
    # "`s` does not start with 'a'", "'a' appears 2 times in `s`", "`xs` has 3 items"
    *((f"{{}}.{how}swith({{}})", rf"{_O}(?:\s+does(?P<not>n't|\s+not)?(?:\s+indeed)?)?\s+{how}s?\s+"
                                rf"with\s+{_S}") for how in ("start", "end")),
    ("unchanged", rf"{_S}(?:\s+[a-z]+)?\s+(?:remains?|stays|is)\s+(?:the\s+same|unchanged)\b"),
    ("times", rf"{_O}\s+(?:appears|occurs)\s+(?:(?P<times>once|twice)|(?:\x00(?P<v>\d+)\x00"
              rf"|(?P<bare>\d+))\s+times)\s+in\s+(?:the\s+)?(?:{_THING}\s+)?{_S}"),
    ("length", rf"{_S}\s+(?:has|contains)\s+(?:\x00(?P<v>\d+)\x00|(?P<bare>\d+))\s+"
               r"(?:elements?|items?|characters?|keys|words|pairs)\b"),
    ("passes", r"loop[^\x00.]{0,30}?\s(?:runs|ran|executes|iterates|will\s+run|will\s+iterate)\s+"
               r"(?:exactly\s+|only\s+)?(?:(?P<times>once|twice)|(?:\x00(?P<v>\d+)\x00"
               r"|(?P<bare>\d+))\s+times)\b"),
)  # fmt: skip
GRAMMAR = tuple((name, re.compile(pattern)) for name, pattern in RULES)
