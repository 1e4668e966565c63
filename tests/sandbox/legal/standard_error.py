import sys


def legal():
    print("careful", file=sys.stderr)
    return sys.stderr.write("1234")
