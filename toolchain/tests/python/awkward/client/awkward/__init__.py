"""The contract `awkward`.

Written by `pintle gen python`: what is changed here is lost when it is written again.
"""

from __future__ import annotations

import abc
import dataclasses
import enum
from typing import ClassVar, Optional

from . import class_ as _class_
from . import rpc_ as _rpc_
from . import rpc as _rpc


class Kind(str, enum.Enum):
    """ "begins and ends" """

    NONE = "none"

    MRO = "mro"
    """Not ours: \"\"\"mro\"\"\" """

    NAME = "name"
    VALUE = "value"
    NONE_ = "None"
    CAPITAL_X = "Capital_X"
    CAPITAL_X_ = "capitalX"
    V1 = "_1"


class Empty(str, enum.Enum):
    """The enum `Empty`."""


@dataclasses.dataclass
class Nothing:
    """The struct `Nothing`."""


@dataclasses.dataclass
class Early:
    """The struct `Early`."""

    first: str


@dataclasses.dataclass
class Late(Early):
    """A child that
    stands before its parent.
    """

    own: int
    more: Optional[str] = None


@dataclasses.dataclass
class Redefines:
    """A child that redefines a field."""

    first: float


@dataclasses.dataclass
class Needs:
    """A child that needs more than its parent, which has an optional field."""

    first: str
    own: int
    needed: list[Kind]
    more: Optional[str] = None


@dataclasses.dataclass
class Foreign(_class_.Response):
    """The struct `Foreign`."""

    note: Optional[str] = None


@dataclasses.dataclass
class ForeignAndMore:
    """All of its fields stand here, though some are of types of another namespace."""

    id: str
    kind: Kind
    code: Optional[_rpc_.Code] = None
    part: Optional[list[_class_.Part]] = None


@dataclasses.dataclass
class Item:
    """The struct `item`."""

    self_: str
    class_: int
    none: bool
    list_: list[Item]
    str_: dict[str, Item]
    dataclasses_: float
    field: Optional[list[list[Kind]]] = None
    camel_case: Optional[dict[str, list[_class_.Response]]] = None
    camel_case_: Optional[str] = None
    code: Optional[_rpc_.Code] = None
    eq: Optional[int] = None
    n: Optional[int] = None
    n2: Optional[int] = None
    methods: Optional[Item] = None

    from_: Optional[str] = None
    """The last one."""

    WIRE_NAMES: ClassVar[dict[str, str]] = {
        "self_": "self",
        "class_": "class",
        "none": "None",
        "list_": "list",
        "str_": "str",
        "dataclasses_": "dataclasses",
        "camel_case": "camelCase",
        "camel_case_": "camel_case",
        "code": "CODE",
        "eq": "__eq__",
        "n": "_",
        "n2": "_2",
        "methods": "METHODS",
        "from_": "from",
    }


@dataclasses.dataclass
class Wide:
    """The struct `Wide`."""

    a_rather_long_name_of_a_field: str
    another_rather_long_name_of_a_field: str
    yet_another_rather_long_name_of_a_field: Optional[str] = None

    WIRE_NAMES: ClassVar[dict[str, str]] = {
        "a_rather_long_name_of_a_field": "aRatherLongNameOfAField",
        "another_rather_long_name_of_a_field": "anotherRatherLongNameOfAField",
        "yet_another_rather_long_name_of_a_field": "yetAnotherRatherLongNameOfAField",
    }


@dataclasses.dataclass
class NamesClient:
    """The struct `NamesClient`."""

    at: int


class Broken(_rpc.DeclaredError):
    """Broken: \\ \"\"\" all of it"""

    CODE = 1
    MESSAGE = "A \\ in a message and no newline"


class Exception(_rpc.DeclaredError):
    """The error -7."""

    CODE = -7
    MESSAGE = ""


class NamesClient_(_rpc.Client):
    """All of its methods are called like something in Python."""

    INTERFACE = "Names"

    def constructor(self) -> None:
        """Calls `Names.constructor`."""
        return self._call(_rpc.Returns[None], "constructor")

    def then(self, self_: int) -> int:
        """Calls `Names.then`."""
        return self._call(_rpc.Returns[int], "then", self_)

    def self_(self, print: str, class_: Optional[str] = None) -> str:
        """Calls `Names.self`."""
        return self._call(_rpc.Returns[str], "self", print, class_)

    def none(self) -> Kind:
        """Calls `Names.None`."""
        return self._call(_rpc.Returns[Kind], "None")

    def print(self, value: str) -> str:
        """Calls `Names.print`.

        Raises:
            Broken: A \\ in a message and no newline
            Gone: It is gone
        """
        return self._call(_rpc.Returns[str], "print", value)

    def init(self, value: Item) -> Item:
        """Calls `Names.__init__`."""
        return self._call(_rpc.Returns[Item], "__init__", value)

    def list_(self) -> list[Item]:
        """Calls `Names.list`."""
        return self._call(_rpc.Returns[list[Item]], "list")

    def str_(self, values: dict[str, Kind]) -> dict[str, Kind]:
        """Calls `Names.str`."""
        return self._call(_rpc.Returns[dict[str, Kind]], "str", values)

    def call(self, at: int) -> Optional[int]:
        """Calls `Names._call`."""
        return self._call(_rpc.Returns[Optional[int]], "_call", at)

    def camel_case(self) -> None:
        """Calls `Names.camelCase`."""
        return self._call(_rpc.Returns[None], "camelCase")

    def camel_case_(self) -> None:
        """Calls `Names.camel_case`."""
        return self._call(_rpc.Returns[None], "camel_case")

    def a_method_with_a_very_long_name(
        self, and_a_parameter_with_a_long_name: str, another: dict[str, list[Item]]
    ) -> dict[str, list[Item]]:
        """Calls `Names.aMethodWithAVeryLongName`."""
        return self._call(
            _rpc.Returns[dict[str, list[Item]]],
            "aMethodWithAVeryLongName",
            and_a_parameter_with_a_long_name,
            another,
        )

    def several(
        self,
        first: str,
        second: int,
        third: float,
        fourth: bool,
        fifth: Kind,
        sixth: Nothing,
        seventh: Optional[Item] = None,
    ) -> Wide:
        """Has more parameters than one line holds."""
        return self._call(
            _rpc.Returns[Wide],
            "several",
            first,
            second,
            third,
            fourth,
            fifth,
            sixth,
            seventh,
        )

    def ctx(self, ctx: str) -> str:
        """Calls `Names.ctx`."""
        return self._call(_rpc.Returns[str], "ctx", ctx)


class NamesHandler(abc.ABC):
    """All of its methods are called like something in Python."""

    METHODS: ClassVar[dict[str, str]] = {
        "constructor": "constructor",
        "then": "then",
        "self": "self_",
        "None": "none",
        "print": "print",
        "__init__": "init",
        "list": "list_",
        "str": "str_",
        "_call": "call",
        "camelCase": "camel_case",
        "camel_case": "camel_case_",
        "aMethodWithAVeryLongName": "a_method_with_a_very_long_name",
        "several": "several",
        "ctx": "ctx",
    }

    @abc.abstractmethod
    def constructor(self) -> None:
        """Answers `Names.constructor`."""

    @abc.abstractmethod
    def then(self, self_: int) -> int:
        """Answers `Names.then`."""

    @abc.abstractmethod
    def self_(self, print: str, class_: Optional[str] = None) -> str:
        """Answers `Names.self`."""

    @abc.abstractmethod
    def none(self) -> Kind:
        """Answers `Names.None`."""

    @abc.abstractmethod
    def print(self, value: str) -> str:
        """Answers `Names.print`.

        Raises:
            Broken: A \\ in a message and no newline
            Gone: It is gone
        """

    @abc.abstractmethod
    def init(self, value: Item) -> Item:
        """Answers `Names.__init__`."""

    @abc.abstractmethod
    def list_(self) -> list[Item]:
        """Answers `Names.list`."""

    @abc.abstractmethod
    def str_(self, values: dict[str, Kind]) -> dict[str, Kind]:
        """Answers `Names.str`."""

    @abc.abstractmethod
    def call(self, at: int) -> Optional[int]:
        """Answers `Names._call`."""

    @abc.abstractmethod
    def camel_case(self) -> None:
        """Answers `Names.camelCase`."""

    @abc.abstractmethod
    def camel_case_(self) -> None:
        """Answers `Names.camel_case`."""

    @abc.abstractmethod
    def a_method_with_a_very_long_name(
        self, and_a_parameter_with_a_long_name: str, another: dict[str, list[Item]]
    ) -> dict[str, list[Item]]:
        """Answers `Names.aMethodWithAVeryLongName`."""

    @abc.abstractmethod
    def several(
        self,
        first: str,
        second: int,
        third: float,
        fourth: bool,
        fifth: Kind,
        sixth: Nothing,
        seventh: Optional[Item] = None,
    ) -> Wide:
        """Has more parameters than one line holds."""

    @abc.abstractmethod
    def ctx(self, ctx: str) -> str:
        """Answers `Names.ctx`."""


class NobodyClient(_rpc.Client):
    """Calls the interface `Nobody`."""

    INTERFACE = "Nobody"


class NobodyHandler(abc.ABC):
    """Answers calls of the interface `Nobody`."""

    METHODS: ClassVar[dict[str, str]] = {}
