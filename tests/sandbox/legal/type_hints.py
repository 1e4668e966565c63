from typing import Optional, get_type_hints


class Tree:
    left: "Optional[Tree]" = None
    value: int = 0


def legal():
    hints = get_type_hints(Tree)
    return sorted(hints), hints["value"] is int, hints["left"] == Optional[Tree]
