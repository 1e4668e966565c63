# expect: forbidden
import os


def attack():
    os.mkfifo(VICTIM + ".fifo")
