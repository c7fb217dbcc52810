"""Values of the contract, to and from what `json` writes and reads."""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import typing
from typing import Any, Mapping, NoReturn, TypeVar, Union

T = TypeVar("T")


class Error(Exception):
    """Everything that a call can fail with."""


class ContractError(Error):
    """A value is not of the type that the contract says."""


def to_json(value: Any) -> Any:
    """A value of the contract as `json` writes it; optional fields that are None are left out."""
    if dataclasses.is_dataclass(value):
        names = getattr(value, "WIRE_NAMES", {})
        fields = [field.name for field in dataclasses.fields(value)]
        plain = {
            names.get(name, name): to_json(getattr(value, name)) for name in fields
        }
        return {name: item for name, item in plain.items() if item is not None}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[T], value: Any) -> T:
    """A value of the contract from what `json` has read; ContractError if it is not of that type."""
    try:
        decoded: T = decode(kind, value, "")
    except ContractError as why:
        raise ContractError(f"the value{why}") from None
    return decoded


def decode(kind: Any, value: Any, path: str) -> Any:
    """The same for any type, an optional one too; `path` is where the value stands."""
    outer, inner = typing.get_origin(kind), typing.get_args(kind)
    if outer is Union:
        return None if value is None else decode(inner[0], value, path)
    if kind is type(None):
        return None if value is None else _refuse(path, "null", value)
    if outer is list and isinstance(value, list):
        items = enumerate(value)
        return [decode(inner[0], item, f"{path}[{index}]") for index, item in items]
    if outer is dict and isinstance(value, dict):
        members = value.items()
        return {
            name: decode(inner[1], item, f"{path}[{json.dumps(name)}]")
            for name, item in members
        }
    if outer is not None:
        return _refuse(path, "a list" if outer is list else "an object", value)
    if dataclasses.is_dataclass(kind):
        return _struct(kind, value, path)
    if issubclass(kind, enum.Enum):
        if not any(value == member.value for member in kind):
            _refuse(path, "one of " + ", ".join(member.value for member in kind), value)
        return kind(value)
    return _scalar(kind, value, path)


def _scalar(kind: Any, value: Any, path: str) -> Any:
    if kind is float and type(value) is int and abs(value) < 1 << 1023:
        return float(value)
    if kind is int and type(value) is float and value.is_integer():
        return int(value)
    if type(value) is not kind:
        _refuse(path, kind.__name__, value)
    return value


def _struct(kind: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        return _refuse(path, kind.__name__, value)
    names = getattr(kind, "WIRE_NAMES", {})
    types = hints(kind)
    fields = {}
    for field in dataclasses.fields(kind):
        name = names.get(field.name, field.name)
        here = f"{path}.{name}"
        fields[field.name] = decode(types[field.name], value.get(name), here)
    return kind(**fields)


@functools.lru_cache(maxsize=None)
def hints(of: Any) -> dict[str, Any]:
    """The types of what a class or function declares."""
    return typing.get_type_hints(of)


def _refuse(path: str, expected: str, value: Any) -> NoReturn:
    got = "nothing" if value is None else type(value).__name__
    raise ContractError(f"{path} should be {expected}, not {got}")
