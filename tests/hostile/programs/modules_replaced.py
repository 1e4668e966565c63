# expect: returned [1, 2]
import json
import os
import random
import struct
import sys


def attack():
    os.write = os.read = json.dumps = json.loads = struct.Struct = random.seed = None
    json.encoder = json.decoder = None
    sys.stdout = sys.stderr = None
    sys.modules.clear()
    return [1, 2]
