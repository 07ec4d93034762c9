"""Masks payment card numbers before text leaves `chat.ingress`."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

RUN = re.compile(r"\d+(?:[ .-]\d+)*")
GROUP = re.compile(r"\d+")

SHORTEST, LONGEST = 13, 19
"""Digits of a primary account number in use: ISO/IEC 7812-1 allows 19 at most."""

ISSUER = re.compile(r"[3-6]|2[2-7]")
"""How the numbers of payment networks begin. It keeps years, dates and amounts in a row plain."""

PRINTED = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3)}
"""Digits a group, as cards show them."""

MOST_PRINTED = max(map(len, PRINTED))

Span = tuple[int, int]


def luhn(digits: str) -> bool:
    """Whether a number passes the check digit of ISO/IEC 7812-1."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _sums(digits: str) -> tuple[list[int], list[int]]:
    """Luhn's sums of all prefixes: with the even places doubled, and with the odd ones."""
    plain = [int(digit) for digit in digits]
    twice = [2 * digit - 9 * (digit > 4) for digit in plain]
    both = ([*plain], [*plain])
    both[0][::2], both[1][1::2] = twice[::2], twice[1::2]
    return list(accumulate(both[0], initial=0)), list(accumulate(both[1], initial=0))


def _unglued(text: str, run: Span) -> list[Span]:
    """The groups of a run, without those that are part of an id: `#41`, `TRK-41-11`, `11x`."""
    groups = [match.span() for match in GROUP.finditer(text, *run)]
    if run[0] and re.match(r"[\w#-]", text[run[0] - 1]):
        while groups and text[groups[0][0] - 1] != " ":
            groups.pop(0)
    if run[1] < len(text) and re.match(r"[\w-]", text[run[1]]):
        while groups and text[groups[-1][1] : groups[-1][1] + 1] != " ":
            groups.pop()
    return groups


def _windows(text: str, groups: list[Span]) -> Iterator[Span]:
    """First and last group of each stretch of 13 to 19 digits whose check digit is right.

    In order of the first group, the longest first.
    """
    sums = _sums("".join(text[start:end] for start, end in groups))
    ends = list(accumulate((end - start for start, end in groups), initial=0))
    dots = [text[end : end + 1] == "." for _, end in groups]
    for first, start in enumerate(ends[:-1]):
        longest = bisect_right(ends, start + LONGEST) - 2
        if not ISSUER.match(text, groups[first][0]):
            longest = min(longest, first)
        for last in range(longest, bisect_left(ends, start + SHORTEST) - 2, -1):
            end = ends[last + 1]
            # The last digit is not doubled: the sums that double its neighbour are the ones.
            right = sums[end % 2]
            if (right[end] - right[start]) % 10 == 0 and _one_kind(dots[first:last]):
                yield first, last


def _one_kind(dots: list[bool]) -> bool:
    return all(dots) or not any(dots)


def _printed(groups: list[Span]) -> bool:
    return len(groups) == 1 or tuple(end - start for start, end in groups) in PRINTED


def _cards(text: str, groups: list[Span]) -> list[Span]:
    """What is to be masked, by place: what looks as printed on a card goes before chance."""
    fitting = list(_windows(text, groups))
    taken: set[int] = set()
    found = []
    for printed in (True, False):
        for first, last in fitting:
            if first in taken or not taken.isdisjoint(range(first, last + 1)):
                continue
            if not printed or (last - first < MOST_PRINTED and _printed(groups[first : last + 1])):
                taken.update(range(first, last + 1))
                found.append((groups[first][0], groups[last][1]))
    return sorted(found)


def mask_cards(text: str) -> str:
    """The text with each 13 to 19 digit card number replaced by its last four digits.

    The digits may stand in groups with a space, a hyphen or a dot between them, and other numbers
    may stand before or behind. A card begins and ends with a group.
    """
    parts, at = [], 0
    for run in RUN.finditer(text):
        if run.end() - run.start() < SHORTEST:
            continue
        for start, end in _cards(text, _unglued(text, run.span())):
            last_four = re.sub(r"\D", "", text[start:end])[-4:]
            parts += [text[at:start], f"[card ending {last_four}]"]
            at = end
    return "".join([*parts, text[at:]])
