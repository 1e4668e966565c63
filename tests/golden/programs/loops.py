# ruff: noqa: E701, E702
# fmt: off
# call: max_run([4, -7, 2, 3, -1])
# call: collatz(6)
# call: find([3, 5, 8], 5)
# call: find([], 1)
# call: one_line(3)
# call: ternary('a b')
def max_run(nums):
    total = 0
    best = nums[0]
    for x in nums:
        total = max(x, total + x)
        best = max(best, total)
    return best


def collatz(n):
    steps = 0
    while n != 1:
        if n % 2:
            n = 3 * n + 1
        else:
            n //= 2
        steps += 1
    else:
        steps = -steps
    return steps


def find(xs, wanted):
    for i, x in enumerate(xs):
        if x != wanted:
            continue
        found = i
        break
    else:
        found = None
    return found


def one_line(n):
    total = 0
    while n: n -= 1; total += n
    for k in range(2): total += k
    return total


def ternary(text):
    first, second = len(text), text.split() or [] if text else None
    return first, second
