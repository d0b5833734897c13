"""Both APIs as data: which function answers which call."""

from typing import NamedTuple


class Route(NamedTuple):
    """One call of the API and the function that answers it."""

    method: str
    path: str
    function: str


ROUTES = tuple(
    Route(*row)
    for row in (
        ("POST", "/api/activation", "start_activation"),
        ("POST", "/api/activation/code", "start_activation"),
        ("POST", "/api/activation/verification", "verify_code"),
        ("POST", "/api/activation/password", "set_password"),
        ("POST", "/api/password-reset", "start_activation"),
        ("POST", "/api/password-reset/code", "start_activation"),
        ("POST", "/api/password-reset/verification", "verify_code"),
        ("POST", "/api/password-reset/password", "set_password"),
        ("GET", "/api/session", "account"),
        ("POST", "/api/session", "sign_in"),
        ("DELETE", "/api/session", "sign_in"),
        ("POST", "/api/session/code", "sign_in"),
        ("POST", "/api/session/verification", "verify_code"),
        ("GET", "/api/terms", "preferences"),
        ("PUT", "/api/account/consent", "preferences"),
        ("PUT", "/api/account/code-channel", "preferences"),
        ("PUT", "/api/account/terms", "preferences"),
        ("GET", "/api/account", "account"),
        ("PUT", "/api/account/email", "account"),
        ("PUT", "/api/account/mobile", "account"),
        ("GET", "/api/account/history", "account"),
        ("GET", "/api/account/export", "account"),
        ("DELETE", "/api/account/sessions", "account"),
        ("POST", "/api/account/contact/code", "account"),
        ("POST", "/api/account/contact/verification", "verify_code"),
        ("PUT", "/api/account/password", "set_password"),
        ("GET", "/api/requests", "requests"),
        ("POST", "/api/requests", "requests"),
        ("GET", "/api/requests/{request_id}", "requests"),
        ("PUT", "/api/requests/{request_id}", "requests"),
        ("POST", "/api/requests/{request_id}/sending", "requests"),
        ("POST", "/api/requests/{request_id}/withdrawal", "requests"),
        ("POST", "/api/requests/{request_id}/completion", "requests"),
        ("POST", "/api/requests/{request_id}/message", "requests"),
        ("GET", "/api/requests/{request_id}/document", "requests"),
        ("POST", "/api/documents/verification", "requests"),
        ("GET", "/api/correspondent", "correspondent"),
        ("POST", "/api/correspondent/people/search", "correspondent"),
        ("POST", "/api/correspondent/requests/search", "correspondent"),
        ("PUT", "/api/correspondent/people", "correspondent"),
        ("POST", "/api/correspondent/uploads", "correspondent"),
        ("GET", "/api/correspondent/uploads/{upload_id}", "correspondent"),
        ("GET", "/api/correspondent/uploads/{upload_id}/report", "correspondent"),
        ("POST", "/api/correspondent/uploads/{upload_id}/application", "correspondent"),
        ("POST", "/api/correspondent/uploads/{upload_id}/undoing", "correspondent"),
    )
)

MOST_BODY_BYTES = 8_192
"""The largest body of a call that LARGER_BODIES does not name."""

LARGER_BODIES = {("POST", "/api/correspondent/uploads"): 4_194_304}
"""The calls that take a file, as bytes: by method and path, exactly as they are written in a request."""

FILES = "application/octet-stream"
"""The media type of the bodies of those calls."""

SHARE_OF_REQUESTS = {
    "start_activation": 0.3,  # each may cost a mail or an SMS
    "verify_code": 0.3,
    "set_password": 0.1,  # hashes passwords, as the next does
    "sign_in": 0.2,
    "preferences": 0.3,
    "account": 1.0,
    "requests": 0.3,
    "correspondent": 0.2,  # 21,000 correspondents, whose pages ask every other second while a file is taken in
}
"""The share of the API's limit that a function's calls may each take: one under attack leaves room for the others."""

_AGENTS_ACTS = ("queue", "look", "take", "ask", "accept", "refuse", "drop", "settle", "reopen", "message")

SUPPORT_ROUTES = tuple(
    Route("POST", f"/support/{path}", "support")
    for path in (
        "search",
        "person",
        "contact",
        "contact/check",
        "contact/confirmation",
        "name",
        "name/confirmation",
        "code",
        "counters",
        "lock",
        "address",
        "closing",
        "closing/confirmation",
        "structure",
        "structure/without",
        "invitation",
        "invitation/confirmation",
        "invitations",
        "unlinking",
        "arrivals",
        "arrivals/confirmation",
        *(f"requests/{act}" for act in _AGENTS_ACTS),
    )
)
"""The help desk's API, apart from the public one: every call is a POST, so that no address names a person."""
