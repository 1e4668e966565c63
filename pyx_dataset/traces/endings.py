"""How a frame was left: CPython reports an exception that leaves it as a return of None.

Runs inside the sandbox: standard library only.
"""

import builtins
import dis
from types import CodeType

# Functions made below look builtins up here, so a program that patches `len` patches only its own.
globals()["__builtins__"] = dict(vars(builtins))

_RETURNS = frozenset(
    dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap
)
# Where a generator waits: 3.13 reports the RESUME behind the YIELD_VALUE.
_YIELDS = frozenset((dis.opmap["YIELD_VALUE"], dis.opmap["RESUME"]))


def is_unwound(code: CodeType, last: int, raised_last: bool) -> bool:
    """
    Whether a return of None is really an exception.

    `last` is the offset of the instruction that ran last, and `raised_last` whether no line
    began since an exception was seen.
    """
    operation = code.co_code[last]
    if operation in _YIELDS:
        return raised_last
    return operation not in _RETURNS
