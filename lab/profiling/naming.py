"""Functions of C++ as people call them."""

from __future__ import annotations

import re

_CLONE = re.compile(r" \[clone .*|\.(isra|constprop)\.\d+")
_ANONYMOUS = "(anonymous namespace)"


def short(name: str) -> str:
    """A demangled name without what the function takes and returns, and without what the compiler says of clones.

    `void lab::Ring<int (*)(int)>::push(short const*)` is `lab::Ring<int (*)(int)>::push`.
    """
    text = _CLONE.sub("", name).replace(f"{_ANONYMOUS}::", "")
    depth, begin = 0, 0
    for at, sign in enumerate(text):
        if sign == "<":
            depth += 1
        elif sign == ">" and text[at - 1] != "-":
            depth -= 1
        elif depth == 0 and sign == " " and not text[begin:at].endswith("operator"):
            begin = at + 1
        elif depth == 0 and sign == "(" and not text[begin:at].endswith("operator"):
            return text[begin:at]
    return text
