# expect: forbidden
import os


def attack():
    os.rename(VICTIM, VICTIM + ".moved")
