# fmt: off
# call: consume(2)
# call: talk()
# call: delegated([1, 2])
# call: dropped()
# call: thrown()
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
    return "done"


def consume(n):
    total = 0
    for value in count(n):
        total += value
    return total


def echo():
    heard = None
    try:
        while heard != "stop":
            heard = yield heard
    except ValueError as error:
        heard = str(error)
        yield heard
    finally:
        heard = "closed"


def talk():
    voice = echo()
    next(voice)
    answer = voice.send("hello")
    voice.close()
    return answer


def outer(xs):
    result = yield from count(len(xs))
    yield result


def delegated(xs):
    return list(outer(xs))


def dropped():
    numbers = count(5)
    first = next(numbers)
    del numbers
    return first


def thrown():
    voice = echo()
    next(voice)
    answer = voice.throw(ValueError("loud"))
    try:
        next(voice)
    except StopIteration:
        answer += "!"
    return answer
