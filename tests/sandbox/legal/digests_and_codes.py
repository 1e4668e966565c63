import base64
import hashlib
import json
import zlib


def legal():
    data = json.dumps({"b": [1, None], "a": "\u00e9"}, sort_keys=True).encode()
    packed = base64.b64encode(zlib.compress(data)).decode()
    return hashlib.sha256(data).hexdigest(), zlib.decompress(base64.b64decode(packed)).decode()
