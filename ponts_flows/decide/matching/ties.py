"""How two equally good pairs are told apart: by a number drawn from the two people's addresses.

With coarse scores, many sets of pairs share the best total. Taking the one with the greatest sum of these
numbers makes the choice independent of the order of sign-ups, favours nobody by name, and lets a newcomer
move as few as possible.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

TIE_BITS = 20


def person_number(address: str) -> int:
    """64 bits that an address always gives, on any machine."""
    return int.from_bytes(blake2b(address.encode(), digest_size=8).digest(), "big")


def mixed(mentees: NDArray[np.uint64], mentors: NDArray[np.uint64]) -> NDArray[np.int64]:
    """A number of `TIE_BITS` bits for each pair of person numbers, of the shape of both.

    The mentees' numbers are added to the mentors', then scrambled by the last steps of SplitMix64
    (Steele, Lea and Flood, 2014), so that the pairs of one person are unrelated to each other.
    """
    pairs = mentees + mentors
    pairs ^= pairs >> np.uint64(30)
    pairs *= np.uint64(0xBF58476D1CE4E5B9)
    pairs ^= pairs >> np.uint64(27)
    pairs *= np.uint64(0x94D049BB133111EB)
    pairs ^= pairs >> np.uint64(31)
    return (pairs >> np.uint64(64 - TIE_BITS)).astype(np.int64)
