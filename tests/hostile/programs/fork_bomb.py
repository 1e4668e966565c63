# expect: returned 0
import os


def attack():
    made = 0
    for _ in range(1000):
        try:
            if os.fork() == 0:
                while True:
                    pass
            made += 1
        except OSError:
            pass
    return made
