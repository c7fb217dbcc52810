"""Each file that is named must be a valid OpenAPI document."""

import json
import sys

from openapi_spec_validator import OpenAPIV31SpecValidator, validate

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    try:
        validate(document, cls=OpenAPIV31SpecValidator)
    except Exception as why:
        sys.exit(f"{path}: {why}")
