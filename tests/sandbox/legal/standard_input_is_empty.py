import sys


def legal():
    return sys.stdin.read(), list(sys.stdin)
