"""Writes `docs/openapi.json`; with `--check`, fails when the file is not what it is written from.

The shapes come from the handlers, the words on each call and group of calls from `docs/api.md`.

python docs/openapi.py [--check]
"""

import importlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from infra.routes import FILES, LARGER_BODIES, ROUTES

if TYPE_CHECKING:
    from activation.api.resolver import Api

FILE = Path(__file__).with_name("openapi.json")
GUIDE = Path(__file__).with_name("api.md").read_text(encoding="utf-8")
DESCRIPTION = (
    "Activation d'un compte en ligne en trois étapes, connexion, préférences. Toute erreur est un problème au sens de"
    " la RFC 9457 ; `code` en est le nom stable."
)
READ_PROBLEMS = ("401", "403", "409", "429", "503")
WRITE_PROBLEMS = ("400", "401", "403", "409", "413", "415", "422", "429", "503")
CORRESPONDENTS, THEIR_PROBLEMS = "/api/correspondent", {"403", "404", "422"}
"""Calls that ask whose session it is and whose people or files they name, and what they refuse besides."""
REQUESTS, NO_SUCH_REQUEST = "/api/requests", {"404"}
"""Calls that name a request of the person's, and what they refuse besides."""
GOOD = {
    "200": "La réponse",
    "201": "C'est créé",
    "202": "La demande est prise en compte",
    "204": "C'est fait ; aucun corps",
}

REPORT, CSV = "/api/correspondent/uploads/{upload_id}/report", {"text/csv": {"schema": {"type": "string"}}}
"""The call that answers with a file."""

PARAMETERS = {
    "after": "Where the page begins, as the answer before gave it.",
    "request_id": "The request's id, as the list of requests gives it.",
    "upload_id": "The upload's name, as the call that took it in gave it.",
}
"""What parts of addresses mean."""

COOKIES = {
    "session": "Opened by a right password and code.",
    "flow": "A verification under way.",
}
NEEDED = {
    "session": re.compile(r"/api/(account|correspondent|requests)(/.*)?"),
    "flow": re.compile(r".*/(activation|password-reset|session|contact)/(code|verification|password)"),
}
"""Which calls answer nobody without that cookie."""

HEADERS = {
    "Origin": "The service's own address, which a browser sends by itself.",
    "X-Session": "`session.id` of `GET /api/session`: a call for another session than the browser's is refused.",
    "X-Flow": "`flow` of the page's last answer: a call for another flow than the browser's is refused.",
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal or a fault (RFC 9457); `code` is its stable name",
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
    """The API of all functions as one OpenAPI 3.1 document. Raises KeyError for a call that the guide leaves out."""
    groups, calls = read_guide(GUIDE)
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for function in sorted({route.function for route in ROUTES}):
        api: Api = importlib.import_module(f"functions.{function}.handler").api
        schema = json.loads(api.get_openapi_json_schema(title="CNAS", version="1"))
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                group, words = calls[f"{method.upper()} {path}"]
                paths.setdefault(path, {})[method] = {
                    "tags": [group],
                    "summary": operation["summary"],
                    "description": words,
                    "operationId": _short_name(operation["operationId"]),
                    **_needs(method, path, operation.get("parameters", ())),
                    **{name: operation[name] for name in ("requestBody",) if name in operation},
                    **_takes_file(method, path),
                    "responses": _answers(method, path, operation["responses"]),
                }
        own = schema.get("components", {}).get("schemas", {})
        if other := [name for name in own if name in schemas and schemas[name] != own[name]]:
            raise ValueError(f"two bodies of one name: {other}")
        schemas |= own
    schemas = {name: schema for name, schema in schemas.items() if not name.endswith("ValidationError")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Compte CNAS",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": words} for name, words in groups.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {
                "Problem": {
                    "description": "Un refus, ou une panne",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
            "parameters": {
                name: {
                    "name": name,
                    "in": "header",
                    "required": name == "Origin",
                    "description": words,
                    "schema": {"type": "string"},
                }
                for name, words in HEADERS.items()
            },
            "securitySchemes": {
                name: {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": f"__Host-{name}",
                    "description": f"{words} No script reads it. In the local run it is named `{name}`.",
                }
                for name, words in COOKIES.items()
            },
        },
    }


def read_guide(guide: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """What the guide says of each group of calls, and of each call (`GET /api/terms`): its group, and its section."""
    groups: dict[str, str] = {}
    calls: dict[str, tuple[str, str]] = {}
    for part in guide.split("\n## "):
        head, *sections = part.split("\n### ")
        name, _, words = head.partition("\n")
        if sections:
            groups[name] = words.strip()
        for section in sections:
            call, _, words = section.partition("\n")
            calls[call.strip("`")] = name, words.strip()
    return groups, calls


def _needs(method: str, path: str, stands_in_it: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The cookies and the headers that the call takes, and what `stands_in_it`, its address.

    What changes nothing is not asked where it comes from.
    """
    cookies = [name for name, calls in NEEDED.items() if calls.fullmatch(path)]
    headers = ["Origin", *(f"X-{name.capitalize()}" for name in cookies)] if method != "get" else []
    return {
        "security": [{name: [] for name in cookies}] if cookies else [],
        "parameters": [
            *(_parameter(parameter) for parameter in stands_in_it),
            *({"$ref": f"#/components/parameters/{name}"} for name in headers),
        ],
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """A part of an address; what is read otherwise is none of ours, and is not found."""
    said = {name: parameter[name] for name in ("name", "in", "required", "schema") if name in parameter}
    return {**said, "description": PARAMETERS[parameter["name"]]}


def _takes_file(method: str, path: str) -> dict[str, Any]:
    """The body of a call that takes a file."""
    if (method.upper(), path) not in LARGER_BODIES:
        return {}
    schema = {"type": "string", "format": "binary", "minLength": 1, "maxLength": LARGER_BODIES[method.upper(), path]}
    return {"requestBody": {"required": True, "content": {FILES: {"schema": schema}}}}


def _answers(method: str, path: str, answers: dict[str, Any]) -> dict[str, Any]:
    """The good answers in words, and our own problems in place of Powertools' refusals."""
    problems = {*(READ_PROBLEMS if method == "get" else WRITE_PROBLEMS)}
    problems |= THEIR_PROBLEMS if path.startswith(CORRESPONDENTS) else set()
    problems |= NO_SUCH_REQUEST if path.startswith(REQUESTS) else set()
    good = {status: _good(status, answer) for status, answer in answers.items() if status in GOOD}
    if path == REPORT:
        good["200"]["content"] = CSV
    return good | {status: {"$ref": "#/components/responses/Problem"} for status in sorted(problems)}


def _short_name(operation_id: str) -> str:
    """`show_home_api_account_get`, made by Powertools from the handler's function and its path, as `showHome`."""
    first, *others = operation_id.partition("_api_")[0].split("_")
    return first + "".join(map(str.capitalize, others))


def _good(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer in words, where its handler has none; 204 has no content."""
    words = answer["description"] if answer["description"] != "Successful Response" else GOOD[status]
    return {"description": words} | ({"content": answer["content"]} if status != "204" else {})


def main() -> int:
    """Write or check the file; 1 when it has drifted."""
    text = json.dumps(generate(), ensure_ascii=False, indent=1) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
        print("docs/openapi.json is not what the handlers and docs/api.md say: run `make openapi`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
