import sys


def legal():
    ends = []
    for leave in (exit, quit, sys.exit):
        try:
            leave(3)
        except SystemExit as error:
            ends.append(error.code)
    return ends
