"""The contract `class`.

Written by `pintle gen python`: what is changed here is lost when it is written again.
"""

from __future__ import annotations

import abc
import dataclasses
import enum
from typing import ClassVar, Optional

from . import rpc_ as _rpc_
from . import rpc as _rpc


class Kind(str, enum.Enum):
    """The enum `class.Kind`."""

    WHOLE = "whole"


@dataclasses.dataclass
class Response:
    """The struct `class.Response`."""

    id: str
    code: Optional[_rpc_.Code] = None
    part: Optional[list[Part]] = None


@dataclasses.dataclass
class Part:
    """The struct `class.Part`."""

    of: Optional[Kind] = None


class Gone(_rpc.DeclaredError):
    """The error 404."""

    CODE = 404
    MESSAGE = "It is gone"


class RemoteClient(_rpc.Client):
    """Calls the interface `class.Remote`."""

    INTERFACE = "class.Remote"

    def fetch(self, id: str) -> Optional[Response]:
        """Calls `class.Remote.fetch`.

        Raises:
            Gone: It is gone
        """
        return self._call(_rpc.Returns[Optional[Response]], "fetch", id)


class RemoteHandler(abc.ABC):
    """Answers calls of the interface `class.Remote`."""

    METHODS: ClassVar[dict[str, str]] = {"fetch": "fetch"}

    @abc.abstractmethod
    def fetch(self, id: str) -> Optional[Response]:
        """Answers `class.Remote.fetch`.

        Raises:
            Gone: It is gone
        """
