# fmt: off
# call: operators(7, 3)
# call: truth([], 'x', 0, 5)
# call: truth([1], '', 3, 1)
# call: chains(1, 5, 10)
# call: chains(7, 5, 10)
# call: passes(['ab', 'c', ''], {'x': 1, 'y': 2})
# call: texts('né', 3.14159, [1])
# call: slices([1, 2, 3, 4, 5], 'hello world')
# call: displays([1, 2], {'a': 1})
# call: lambdas([3, 1, 2])
# call: walrus('a1b22')
# call: layout(2, 3)
# call: one_line('a.b.c', '.')
# call: folded(3)
# call: looked_up()
import math


def operators(a, b):
    up = (a + b, a - b, a * b, a / b, a // b, a % b, a ** b)
    bits = [a << b, a >> b, a & b, a | b, a ^ b, ~a, -a, +a]
    a += b * 2; a -= 1; a *= -b; a //= 2; a %= 100
    x = float(a); x /= 3; x **= 2
    n = b; n <<= 2; n >>= 1; n |= 8; n &= 12; n ^= 5
    m = Matrix() @ 3
    return up, bits, a, x, n, m, not a, a is b, a is not None, a in [a, b], b not in (a, 1)


class Matrix:
    def __matmul__(self, other):
        return other + 1


def truth(xs, s, n, m):
    if xs and s or n and not m:
        r = 'first'
    elif not (xs or s) or (n and m and xs):
        r = 'second'
    else:
        r = 'third'
    v = xs and s or n or None
    w = (xs or s) and (n or m) and 'end'
    while n > 0 and (m or n < 2):
        n -= 1
        if n == 1 or not m: continue
        m -= 1
    assert n <= 0 or m, f'{n} left'
    return r, v, w, n, m, 'yes' if xs and n else 'no' if s or n else 'maybe', [x for x in xs if x or s if s and x]


def chains(a, b, c):
    r = []
    if a < b < c: r.append('up')
    if a < b <= a + 1 < c != b: r.append('more')
    if not a < b < c or a == a == a: r.append('or')
    r.append(0 <= a < len(r) + b)
    r.append((a < b) == (b < c))
    r.append(a < b < c and c > b > a)
    r.append('x' if a <= b <= c else 'y')
    return r


def passes(words, d):
    a = [w.upper() + str(i) for i, w in enumerate(words) if w and len(w) > i]
    b = {w: [c for c in w if c != 'b'] for w in words}
    c = {len(w) for w in words}
    e = sum(len(w) * 2 for w in words if w)
    g = {k + '!': v + 1 for k, v in sorted(d.items())}
    h = [(x, y) for x in words for y in x if y in 'abc']
    j = [p + q for p, (q, *r) in zip('xy', words)]
    k = list(map(lambda w: w[::-1], filter(lambda w: len(w) > 1, words)))
    m = [[x * y for x in range(2)] for y in range(3)]
    n = any(w == 'c' for w in words), all(w for w in words)
    o = [f'{x}{w}' for w in words for x in [w + w, len(w)]]
    return a, b, c, e, g, h, j, k, m, n, o


def texts(s, x, xs):
    a = f'{s}|{s!r}|{s!a}|{x:.2f}|{x:>{len(s) + 8}.{xs[0]}f}|{{}}'
    b = f"{s.upper()}{'-' * 2}{xs[0] + 1=}"
    c = (f'{len(s)}'
         f'{s[0]} and {xs}'
         ' plain')
    d = f'''{
        s + s
    } x'''
    e = '%s %d' % (s, xs[0]) + 'a' 'b'
    return a, b, c, d, e, '{} {k}'.format(s, k=x), b'raw' + bytes(xs), s.encode('utf-8')


def slices(xs, s):
    a = xs[1:][::-1][:2]
    b = s[s.find(' ') + 1:]
    c = s[:s[::-1].find('o')][::-1]
    d = xs[-1], xs[len(xs) // 2], s.split(' ')[1][0]
    xs[1:3] = [xs[0] + 9, *xs[:1]]
    xs[xs.index(4)] = {'k': [1, {'z': xs[0]}]}
    xs[2]
    del xs[0], xs[-1:]
    e = ({(0, 1): 'pair'})[0, 1]
    return a, b, c, d, e, xs


def displays(xs, d):
    first, *rest = [*xs, len(xs)]
    (p, q), r = (xs[0], xs[1]), d['a']
    p, q = q, p
    a = b = [first, rest]
    pack = {**d, 'k': xs[0] + 1, **{'z': 1}}
    s = {*xs, 9, len(xs)}
    t = *xs, first
    return max(*xs, 3, *rest), dict(**d, k=len(rest)), a is b, pack, s, t, (p, q, r), ..., 1j * 2, {}, [], ()


def lambdas(xs):
    add = lambda a, b=len(xs), *args, c=1, **kwargs: a + b + c + len(args) + len(kwargs)
    none = lambda: xs[0]
    xs.sort(key=lambda x: (-x, str(x)))
    nested = (lambda x: lambda y: x * y + len(xs))(2)(3)
    return add(1), add(1, 2, 3, c=4, z=5), none(), nested, sorted(xs, key=abs), (lambda *a: a)(*xs)


def walrus(s):
    if (n := len(s)) > 3 and (digits := [c for c in s if (d := c).isdigit()]):
        return n, digits, d
    while (n := n - 1) > 0: pass
    return (m := n) + 1, m


def layout(a, b):
    total = (
        a
        + b * (
            a -
            1
        )
    )
    big = max(
        total,
        min(a,
            b),
        key=lambda v:
            -v,
    )
    if (a
            and b
            or total): big += 1
    for x in [
        a,
        b + 1,
    ]: big += x
    s = 'é' + str(a); t = s * b
    return {
        'a': a,
        'big': big
        if a else b,
    }, s, t


def one_line(text, d): return text[:text[::-1].find(d)][::-1] if d in text and text.count(d) > 1 else text


def folded(n):
    a = 2 ** 10 + n
    b = 'ab' * 3 + str(1 + 2)
    if 1 + 1 >= 2 and n: b += -n * 'x' + (3, 4)[n - 3:][0] * 'y'
    while True:
        n -= 1
        if not n or 0: break
    return a, b, None, True, -1, -n, (1, 2), [1, [2]], {'a': (1,)}, n if 1 else 2


def looked_up():
    x = 1
    before = sorted(locals())
    y = math.floor(math.pi) + eval('x + 1')
    return before, y, sorted(vars()), len(globals()) > 5, sorted(locals().items())[0][0], dir()
