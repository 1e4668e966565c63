# expect: crashed | raised
import ctypes


def attack():
    import functools
    import pickle

    deep = []
    for _ in range(200_000):
        deep = [deep]
    import sys

    sys.setrecursionlimit(10**9)
    return pickle.dumps(deep)
