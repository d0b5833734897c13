"""The help desk's API as data, apart from the public one: every call is a POST, so that no address names a person."""

from infra.routes import Route

SUPPORT_ROUTES = tuple(
    Route("POST", f"/support/{path}", "support")
    for path in (
        "search",
        "person",
        "contact",
        "contact/check",
        "contact/confirmation",
        "code",
        "counters",
        "lock",
        "address",
        "closing",
        "closing/confirmation",
    )
)
