# expect: forbidden
import os


def attack():
    os.link(VICTIM, VICTIM + ".link")
