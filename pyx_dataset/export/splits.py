"""Which split a family is in: a matter of its name, before anything is made of it."""

from hashlib import blake2b

from pyx_dataset.schema import Split


def split_of(family: str, validation_share: float, test_share: float) -> Split:
    """
    The split of every program of `family`; a larger share keeps what it had.

    >>> split_of("d41d8cd98f00b204", validation_share=0.0, test_share=0.0)
    'train'
    """
    digest = blake2b(family.encode(), digest_size=8, person=b"pyx split").digest()
    place = int.from_bytes(digest) / 2**64
    if place < test_share:
        return "test"
    # From the other end, so that a change of one share moves no family of the other.
    return "validation" if place >= 1 - validation_share else "train"
