"""Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.

Types of parameters and results: componentize-py -d wit -w plugin bindings bindings
"""

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import errors


def failure(code: int, message: str) -> Exception:
    """An error that the contract does not declare; one that it does is Err(errors.Error_Name(errors.Detail("", None)))."""
    return Err(errors.Error_Other(errors.RpcError(code, message, None)))
{{each interfaces}}


class {{class}}(exports.{{class}}):
    """{{interface}}"""

{{each methods}}
    # {{signature}}
    def {{snake}}(self{{python_params}}):
        raise failure({{code}}, "{{message}}")

{{end}}
{{end}}
