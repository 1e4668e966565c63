# fmt: off
# call: classes()
# call: generators(3)
# call: closes()
# call: delegates()
# call: waits(2)
# call: counts()
# call: patched([3, 1])
# call: makes()
COUNT = 0
KEY = lambda pair: (pair[1] + COUNT, pair[0])
PAIRS = [(w, len(w)) for w in ['bb', 'a', 'cc']]


class Base:
    __secret = 1 + 1
    seen = [x for x in range(3) if x]

    def __init__(self, n=len(seen)):
        self.__n = n + self.__secret

    @property
    def n(self):
        return self.__n * 2

    @classmethod
    def make(cls, *args):
        return cls(*[a + 1 for a in args])

    @staticmethod
    def twice(x): return x * 2

    def __eq__(self, other):
        return isinstance(other, Base) and self.n == other.n

    def __repr__(self): return f'{type(self).__name__}({self.__n})'

    def __getitem__(self, i): return [self.__n][i - 0] + i

    def __call__(self, __hidden=lambda __x: __x + 1): return __hidden(self.__n)


class Child(Base, metaclass=type):
    def __init__(self, n):
        super().__init__(n * 2)
        self.extra = super().n + __class__.twice(n)

    def __getattr__(self, name):
        if name.startswith('get_') and len(name) > 4: return lambda: name[4:] + str(self.extra)
        raise AttributeError(name)

    @property
    def n(self):
        return super().n + (lambda: super(Child, self).n)()

    def __len__(self): return 0


def classes():
    b, c = Base.make(3), Child(2)
    if c or b == c: c.extra += b[0]
    return b.n, c.n, c.extra, b == Base(4), repr(c), c.get_it(), b(), hasattr(c, 'zip'), not c, c and 1, [b][0][1 - 1]


def count(n):
    i = 0
    while i < n and (got := (yield i * 2)) != 'stop':
        i += 1 if got is None else got + 0
    return f'end {i}'


def generators(n):
    g = count(n)
    a = [next(g), g.send(1), next(g, 'none')]
    lazy = (x * x for x in range(n) if x % 2 == 0)
    b = next(lazy)
    return a, b, sum(lazy), list(count(2)), [*zip(count(2), (v + 1 for v in [b, n]))]


def closes():
    log = []

    def gen():
        try:
            yield len(log) + 1
            yield 2
        finally:
            log.append('closed' + str(len(log)))

    g = gen()
    next(g)
    g.close()
    h = gen()
    try:
        next(h)
        h.throw(ValueError('v' * 2))
    except ValueError as error:
        log.append(str(error))
    return log


def delegates():
    def inner():
        x = yield 1
        return x, (yield x)

    def outer():
        r = yield from inner()
        yield [r, (yield)]

    g = outer()
    return [next(g), g.send('a' + 'b'), g.send(3), g.send(len('four'))]


def waits(n):
    class Soon:
        def __await__(self):
            got = yield n + 1
            return got * 2

    async def ticks(k):
        for i in range(k):
            yield i + await Soon()

    class Gate:
        async def __aenter__(self): return n * 3
        async def __aexit__(self, *exc): return False

    async def main():
        out = [x + 1 async for x in ticks(n) if x or n]
        async for y in ticks(1):
            out.append(-y)
        async with Gate() as z:
            out.append(z + await Soon())
        await Soon()
        return out, {w: await Soon() for w in 'ab'}, await Soon() and len(out)

    co, sent, log = main(), None, []
    try:
        while True:
            log.append(co.send(sent))
            sent = len(log)
    except StopIteration as stop:
        return log, stop.value


def counts():
    global COUNT
    COUNT += len(PAIRS)
    return sorted(PAIRS, key=KEY), COUNT, [KEY(p) for p in PAIRS if KEY(p) > (3, '')]


def patched(xs):
    len = lambda v: 'patched'
    note, key = 'note', [str(x) for x in xs]
    return len(xs), note + key[0], sorted(key)[-1]


def makes():
    exec('COUNT' + '; 1 + 1')
    return eval('(lambda x: x + 1)(3)'), eval(compile('1 + 1', 'x', 'eval')), type('T', (), {'v': 1 + 1})().v, classes.__code__.co_name, makes.__doc__
