import os


def legal():
    return os.environ.get("PYX_NO_SUCH_NAME", "default"), os.getenv("PYX_NO_SUCH_NAME") is None
