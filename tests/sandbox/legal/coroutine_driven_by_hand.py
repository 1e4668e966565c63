async def inner(x):
    return x * 2


async def outer():
    return [await inner(n) for n in range(3)]


def legal():
    task = outer()
    try:
        task.send(None)
    except StopIteration as end:
        return end.value
