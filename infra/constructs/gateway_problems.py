"""The gateway's own answers, in the same form as every problem of the API."""

import json
from dataclasses import dataclass

from aws_cdk import aws_apigateway as apigateway

_RETRY_AFTER_SECONDS = 5
_WORTH_RETRYING = (429, 503)


@dataclass(frozen=True, slots=True)
class GatewayProblem:
    """One kind of answer of the gateway, as a problem (RFC 9457)."""

    kind: str
    status: int
    code: str
    title: str
    detail: str

    def add_to(self, rest_api: apigateway.RestApi) -> None:
        """Make the API's gateway answer with this problem. The gateway's request id, a UUID, is the correlation id."""
        body = json.dumps(self.body(correlation_id="$context.requestId"), ensure_ascii=False)
        headers = {
            "Content-Type": "'application/problem+json'",
            "Cache-Control": "'no-store'",
            "X-Correlation-Id": "context.requestId",
        }
        if self.status in _WORTH_RETRYING:
            headers["Retry-After"] = f"'{_RETRY_AFTER_SECONDS}'"
        rest_api.add_gateway_response(
            "".join(part.capitalize() for part in self.kind.split("_")),
            type=apigateway.ResponseType.of(self.kind),
            status_code=str(self.status),
            response_headers=headers,
            templates={"application/json": body},
        )

    def body(self, **more: str) -> dict[str, object]:
        """The problem's members, and those of `more`."""
        return {
            "type": f"urn:problem-type:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **more,
        }


_NOT_FOUND = ("not-found", "Introuvable", "Cette adresse n'existe pas.")
_MANY = ("too-many-requests", "Trop de demandes", "Le service reçoit trop de demandes. Réessayez dans un instant.")

TOO_MANY = GatewayProblem("THROTTLED", 429, *_MANY)
TOO_LARGE = GatewayProblem(
    "REQUEST_TOO_LARGE", 413, "body-too-large", "Requête trop longue", "Cette requête, ou ce fichier, est trop long."
)

GATEWAY_PROBLEMS = (
    GatewayProblem("DEFAULT_4XX", 400, "invalid-request", "Demande refusée", "Cette demande est mal écrite."),
    GatewayProblem(
        "DEFAULT_5XX",
        503,
        "unavailable",
        "Service momentanément indisponible",
        "Le service ne répond pas pour le moment. Réessayez dans quelques instants.",
    ),
    GatewayProblem("MISSING_AUTHENTICATION_TOKEN", 404, *_NOT_FOUND),
    GatewayProblem("RESOURCE_NOT_FOUND", 404, *_NOT_FOUND),
    TOO_MANY,
    GatewayProblem("QUOTA_EXCEEDED", 429, *_MANY),
    TOO_LARGE,
    GatewayProblem(
        "UNSUPPORTED_MEDIA_TYPE", 415, "unsupported-media-type", "Format refusé", "Seul le format JSON est accepté."
    ),
    GatewayProblem(
        "WAF_FILTERED", 403, "origin-rejected", "Demande refusée", "Cette demande ne vient pas d'une page du service."
    ),
)
