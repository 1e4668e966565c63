# expect: returned None
import os
import shutil


def attack():
    importlib = __import__("importlib")
    importlib.reload(os)
    importlib.reload(shutil)
    shutil.rmtree(os.path.dirname(VICTIM), ignore_errors=True)
