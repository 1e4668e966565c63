# expect: returned 'forged' | returned 'own'
# A program can lie about its own result; SECURITY.md says so, and why it gains nothing.
import sys


def attack():
    frame = sys._getframe()
    while frame is not None:
        if "canonical" in frame.f_globals:
            frame.f_globals["canonical"] = lambda *_: "'forged'"
        frame = frame.f_back
    return "own"
