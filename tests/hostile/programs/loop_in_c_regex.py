# expect: timed_out
import re


def attack():
    return re.match(r"(a+)+$", "a" * 40 + "b")
