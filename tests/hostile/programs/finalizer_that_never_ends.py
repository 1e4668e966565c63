# expect: returned 'done'
import atexit
import time


class Endless:
    def __del__(self):
        time.sleep(1000)


kept = Endless()
atexit.register(time.sleep, 1000)


def attack():
    return "done"
