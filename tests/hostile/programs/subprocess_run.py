# expect: forbidden
import subprocess


def attack():
    subprocess.run(["sleep", "1000"])
