# policy: forbidden
import subprocess
import sys


def legal():
    return subprocess.run([sys.executable, "-c", ""]).returncode
