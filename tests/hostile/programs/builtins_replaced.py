# expect: returned [1, 2]
import builtins


def attack():
    for name in ("len", "type", "repr", "isinstance", "str", "list", "dict", "ValueError", "super"):
        setattr(builtins, name, None)
    return [1, 2]
