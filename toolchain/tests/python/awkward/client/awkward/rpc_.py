"""The contract `rpc_`.

Written by `pintle gen python`: what is changed here is lost when it is written again.
"""

from __future__ import annotations

import enum


class Code(str, enum.Enum):
    """The enum `rpc_.Code`."""

    OK = "ok"
    BAD = "bad"
