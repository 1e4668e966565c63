import contextlib
import io


def legal():
    caught = io.StringIO()
    with contextlib.redirect_stdout(caught):
        print("inside")
    return caught.getvalue()
