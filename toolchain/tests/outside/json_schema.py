"""Reads a list of schemas, each with values and whether they are valid: the schemas must be schemas, the verdicts right.

Numbers are held exactly, as JSON writes them: what a float cannot tell apart is no matter of the schema.
"""

import json
import sys
from decimal import Decimal

from jsonschema import Draft202012Validator, validators


def is_number(_, value):
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_integer(checker, value):
    return is_number(checker, value) and value == int(value)


Exact = validators.extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many({"number": is_number, "integer": is_integer}),
)

with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)
wrong = 0
for case in cases:
    schema = json.loads(case["schema"], parse_float=Decimal)
    # The published meta-schema, as it is.
    Draft202012Validator.check_schema(json.loads(case["schema"]))
    validator = Exact(schema)
    for text, valid in case["values"]:
        if validator.is_valid(json.loads(text, parse_float=Decimal)) != valid:
            wrong += 1
            print(f"{text}\nis {'valid' if valid else 'not valid'} and the schema says otherwise:\n{case['schema']}")
sys.exit(1 if wrong else 0)
