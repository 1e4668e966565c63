"""Where values are lost: what a backward step may choose, in words."""

import ast

_CALLS = {
    "len": "any value of that length would do",
    "max": "the smaller ones could be anything smaller",
    "min": "the larger ones could be anything larger",
    "sum": "any numbers with that sum would do",
    "sorted": "the order before sorting is free",
    "sort": "the order before sorting is free",
    "set": "order and repetitions are lost here",
    "abs": "the sign is lost here",
    "round": "the digits behind are lost here",
    "int": "several texts or numbers give that",
    "bool": "many values count as that",
    "any": "many values would do",
    "all": "many values would do",
    "isinstance": "only the type matters here",
    "lower": "upper and lower case are lost here",
    "upper": "upper and lower case are lost here",
    "casefold": "upper and lower case are lost here",
    "capitalize": "upper and lower case are lost here",
    "title": "upper and lower case are lost here",
    "strip": "what is stripped is lost here",
    "lstrip": "what is stripped is lost here",
    "rstrip": "what is stripped is lost here",
    "replace": "what was replaced is lost here",
    "startswith": "only the beginning matters here",
    "endswith": "only the end matters here",
    "count": "many values would do",
    "sub": "what was replaced is lost here",
    "isdigit": "many texts would do",
    "isalpha": "many texts would do",
    "isupper": "many texts would do",
    "islower": "many texts would do",
}
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Mod: "many numbers leave that remainder",
    ast.FloorDiv: "several numbers give that quotient",
    ast.Compare: "any values that fit would do",
    ast.BoolOp: "any values that fit would do",
    ast.Not: "many values would do",
    ast.Slice: "what the slice leaves out is free",
    ast.Add: "there are many ways to get that sum",
    ast.Mult: "there may be several ways to get that product",
    ast.comprehension: "what does not get into the result is free",
}


def freedom(node: ast.AST) -> str | None:
    """
    What is not determined when the result of `node` is known; None if nothing is known to be lost.

    >>> freedom(ast.parse("len(xs)", mode="eval").body)
    'any value of that length would do'
    """
    for part in ast.walk(node):
        name = ""
        if isinstance(part, ast.Call):
            function = part.func
            name = function.id if isinstance(function, ast.Name) else ""
            name = function.attr if isinstance(function, ast.Attribute) else name
        if found := _CALLS.get(name) or _OPERATORS.get(type(part)):
            if isinstance(part, ast.Add) and _has_constant(node):
                continue
            return found
    return None


def _has_constant(node: ast.AST) -> bool:
    """``x + 1`` can be turned around, ``x + y`` cannot."""
    return any(isinstance(part, ast.Constant) for part in ast.walk(node))
