# expect: returned 'own'
import sys


def attack():
    frame = sys._getframe(1)
    while frame is not None:
        for name in list(frame.f_globals):
            if name in ("canonical", "encode", "deliver", "frames"):
                frame.f_globals.get("__builtins__")
        frame = frame.f_back
    return "own"
