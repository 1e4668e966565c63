def down(n):
    return down(n + 1)


def legal():
    try:
        down(0)
    except RecursionError as error:
        return str(error).startswith("maximum recursion depth exceeded")
