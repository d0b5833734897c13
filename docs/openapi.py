"""Writes `docs/openapi.json` from the handlers; with `--check`, fails when the file is not what they say.

python docs/openapi.py [--check]
"""

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from infra.routes import ROUTES

if TYPE_CHECKING:
    from activation.api.resolver import Api

FILE = Path(__file__).with_name("openapi.json")
DESCRIPTION = (
    "Activation d'un compte en ligne en trois étapes, connexion, préférences. Toute erreur est un problème au sens de"
    " la RFC 9457 ; `code` en est le nom stable."
)
READ_PROBLEMS = ("401", "409", "503")
WRITE_PROBLEMS = ("400", "401", "403", "409", "413", "415", "422", "429", "503")

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "En français, pour la personne"},
        "code": {"type": "string", "pattern": "^[a-z]+(-[a-z0-9]+)*$"},
        "correlation_id": {"type": "string", "format": "uuid"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("pointer", "code", "detail")},
            },
        },
        "retry_at": {"type": "string", "format": "date-time"},
        "attempts_left": {"type": "integer"},
        "next_step": {"$ref": "#/components/schemas/NextStep"},
        "current_version": {"type": "string"},
    },
}


def generate() -> dict[str, Any]:
    """The API of all functions as one OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for function in sorted({route.function for route in ROUTES}):
        api: Api = importlib.import_module(f"functions.{function}.handler").api
        schema = json.loads(api.get_openapi_json_schema(title="CNAS", version="1"))
        for path, operations in schema["paths"].items():
            paths.setdefault(path, {}).update({method: _mend(method, op) for method, op in operations.items()})
        schemas |= schema.get("components", {}).get("schemas", {})
    schemas = {name: schema for name, schema in schemas.items() if not name.endswith("ValidationError")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Compte CNAS", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {
                "Problem": {
                    "description": "Un refus, ou une panne",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
        },
    }


def _mend(method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with our own problems in place of Powertools' refusals, and its answer under its own status."""
    problems = READ_PROBLEMS if method == "get" else WRITE_PROBLEMS
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    if "204" in answers:
        answers["204"].pop("content", None)
    refusals = {status: {"$ref": "#/components/responses/Problem"} for status in problems}
    return {**operation, "responses": {**answers, **refusals}}


def main() -> int:
    """Write or check the file; 1 when it has drifted."""
    text = json.dumps(generate(), ensure_ascii=False, indent=1) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        print("docs/openapi.json is not what the handlers say: run `make openapi`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
