# policy: raised
import tempfile


def legal():
    with tempfile.TemporaryFile() as file:
        return file.write(b"abc")
