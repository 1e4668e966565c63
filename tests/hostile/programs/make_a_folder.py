# expect: forbidden
import os


def attack():
    os.mkdir(VICTIM + ".d")
