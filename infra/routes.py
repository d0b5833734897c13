"""The API as data: which function answers which call."""

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
    )
)
