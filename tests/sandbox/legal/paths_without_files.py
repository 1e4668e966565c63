import os.path
import pathlib


def legal():
    path = pathlib.PurePosixPath("/a/b/../c.tar.gz")
    return os.path.join("a", "b"), os.path.normpath(str(path)), path.suffixes, os.sep
