"""Something that a person does on the site, and what it answers when it succeeds."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from tests.functions.people import wrong_codes
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import World

_UPLOAD = "UPLOAD#"
Do = Callable[[World, Visitor], Answer]


@dataclass(frozen=True)
class Act:
    """Something that a person, or an event source, does. `at`: the step that an answer names for it.

    `says`: its answer when it succeeds, status and next step or slug.
    """

    name: str
    do: Do
    says: tuple[int, str | None] = (200, None)
    at: str | None = None
    walked: bool = True
    """False where another walk has the very same calls fail."""


def latest_code(world: World) -> str:
    return [message for message in world.messages() if message.has_code][-1].code


def post(path: str, body: object, status: int, next_step: str | None, *, at: str | None = None) -> Act:
    return Act(f"POST {path}", lambda _, visitor: visitor.post(path, body), (status, next_step), at)


def put(path: str, body: object, status: int, next_step: str, *, at: str | None = None) -> Act:
    return Act(f"PUT {path}", lambda _, visitor: visitor.put(path, body), (status, next_step), at)


def get(path: str, next_step: str | None = None) -> Act:
    return Act(f"GET {path}", lambda _, visitor: visitor.get(path), (200, next_step))


def delete(path: str) -> Act:
    return Act(f"DELETE {path}", lambda _, visitor: visitor.delete(path), (204, None))


def latest_request(world: World) -> str:
    ids = [row["request_id"]["S"] for row in world.rows("requests") if row["record"]["S"].startswith("R#")]
    return max(ids, default="01ARZ3NDEKTSV4RRFFQ69G5FAV")


def of_request(method: str, what: str = "", body: object = None) -> Act:
    """A call on the person's latest request; `version` in the body is that which their page was shown."""

    def do(world: World, visitor: Visitor) -> Answer:
        return visitor.call(method, f"/api/requests/{latest_request(world)}{what}", body)

    return Act(f"{method} /api/requests/{{request_id}}{what}", do)


def send_again(path: str, next_step: str = "verify_code") -> Act:

    def do(world: World, visitor: Visitor) -> Answer:
        world.advance(60)
        return visitor.post(f"{path}/code")

    return Act(f"POST {path}/code", do, (202, next_step))


def type_code(path: str, next_step: str) -> Act:
    def do(world: World, visitor: Visitor) -> Answer:
        return visitor.post(f"{path}/verification", {"code": latest_code(world)})

    return Act(f"POST {path}/verification", do, (200, next_step), "verify_code")


def mistype_code(path: str) -> Act:
    def do(world: World, visitor: Visitor) -> Answer:
        return visitor.post(f"{path}/verification", {"code": next(wrong_codes(latest_code(world)))})

    return Act(f"POST {path}/verification, a wrong code", do, (422, "code-rejected"))


def latest_upload(world: World) -> str:
    records = [row["record"]["S"] for row in world.rows("accounts") if row["record"]["S"].startswith(_UPLOAD)]
    return max(records, default=_UPLOAD).removeprefix(_UPLOAD)


def of_upload(method: str, path: str, body: object, status: int) -> Act:
    def do(world: World, visitor: Visitor) -> Answer:
        return visitor.call(method, path.replace("{upload_id}", latest_upload(world)), body)

    return Act(f"{method} {path}", do, (status, None))


def send_file(path: str, file: bytes) -> Act:
    return Act(f"POST {path}", lambda _, visitor: visitor.send(path, file), (202, None))


def change_row(path: str, structure: str, identifier: str, row: dict[str, str]) -> Act:
    """A correspondent changes one row, as the search lists it."""

    def do(_: World, visitor: Visitor) -> Answer:
        found = visitor.post(f"{path}/search", {"structure": structure, "identifier": identifier})
        if found.status != HTTPStatus.OK:
            return found
        version = found.body["people"][0]["version"]
        return visitor.put(path, {"identifier": identifier, "version": version, "row": row})

    return Act(f"PUT {path}", do, (200, None))
