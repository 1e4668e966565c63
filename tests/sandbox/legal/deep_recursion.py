import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def legal():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(5000)
    reached = depth(4000)
    sys.setrecursionlimit(before)
    return reached
