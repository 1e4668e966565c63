# expect: returned 1
import sys


def attack():
    sys.settrace(lambda *_: 1 / 0)
    sys.setprofile(None)
    sys.setrecursionlimit(60)
    return 1
