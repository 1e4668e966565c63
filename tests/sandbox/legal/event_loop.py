# policy: forbidden
import asyncio


async def answer():
    return 42


def legal():
    return asyncio.run(answer())
