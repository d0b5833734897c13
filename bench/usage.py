"""What one activation uses: each call of the product carried out on moto, and what it asked of AWS counted.

DynamoDB's units follow from the rows' sizes as AWS charges them; moto's own answer says one for everything.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from logging import StreamHandler
from math import ceil
from typing import Any

from activation import observability
from activation.adapters.tables import TABLES
from tests.builders import PASSWORD, row
from tests.functions.deployment import Deployment, forget_settings, in_moto
from tests.functions.people import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, SESSION, TERMS, Person, both
from tests.functions.reports import report_mail
from tests.functions.visitor import Visitor, handler_of
from tests.functions.walks import latest_code
from tests.functions.world import World

_KEYS = {spec.name: [key for key in (spec.partition_key, spec.sort_key) if key] for spec in TABLES}
_WRITES = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key"}
_WRITE_BYTES, _READ_BYTES = 1_024, 4_096
_SOMEBODY = Person("70000001", "Roux")


@dataclass(slots=True)
class Use:
    """What one call of a function used. `writes` and `reads` are DynamoDB units by table; `logged` is in bytes."""

    name: str
    function: str
    is_api: bool
    writes: dict[str, int] = field(default_factory=dict)
    reads: dict[str, int] = field(default_factory=dict)
    macs: int = 0
    calls: int = 0
    logged: int = 0

    def write(self, table: str, units: int) -> None:
        """Count write units."""
        self.writes[table] = self.writes.get(table, 0) + units

    def read(self, table: str, units: int) -> None:
        """Count read units."""
        self.reads[table] = self.reads.get(table, 0) + units


def one_activation() -> list[Use]:
    """Somebody with a mail, from S1 to the account's home, page by page as the front calls."""
    with in_moto() as environment, _logged() as logged:
        forget_settings(clients=True)
        world = World(Deployment(), environment)
        world.import_rows([row(_SOMEBODY.identifier, _SOMEBODY.last_name, "Zoé", email="zoe.roux@mondomaine.com")])
        return [_counted(world, logged, *step) for step in _steps(world, Visitor())]


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """What is logged meanwhile, metrics included."""
    observability.logger.cache_clear()
    observability.metrics.cache_clear()
    handler, logged = observability.logger().registered_handler, io.StringIO()
    if not isinstance(handler, StreamHandler):
        raise TypeError(handler)
    before = handler.setStream(logged)  # a process has one: it writes to the output of when it was made
    try:
        with redirect_stdout(logged):
            yield logged
    finally:
        handler.setStream(before)
        observability.logger.cache_clear()
        observability.metrics.cache_clear()


def _steps(world: World, visitor: Visitor) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Each call: its name, its function, and how it is made."""

    def call(method: str, path: str, body: object = None) -> tuple[str, str, Callable[[], object]]:
        function = handler_of(method, path).__module__.split(".")[1]
        return f"{method} {path}", function, lambda: _expect(visitor, method, path, body)

    def deliver() -> tuple[str, str, Callable[[], object]]:
        return "a message is sent", "deliver_message", world.deliver

    def report() -> tuple[str, str, Callable[[], object]]:
        mail = world.wire.asked("SendEmail")[-1]
        [to], [tag] = mail["Destination"]["ToAddresses"], mail["EmailTags"]
        return "its delivery is reported", "record_delivery", lambda: report_mail(tag["Value"], "delivery", to=to)

    yield call("GET", SESSION)
    yield call("POST", ACTIVATION, _SOMEBODY.start_body)
    yield deliver()
    yield report()
    yield call("GET", SESSION)
    yield call("POST", f"{ACTIVATION}/verification", {"code": latest_code(world)})
    yield call("GET", SESSION)
    yield call("POST", f"{ACTIVATION}/password", both(PASSWORD))
    yield deliver()
    yield report()
    yield call("GET", SESSION)
    yield call("PUT", CONSENT, {"consents": True, "text_version": "1"})
    yield call("GET", SESSION)
    yield call("PUT", CHANNEL, {"channel": "email"})
    yield call("GET", SESSION)
    yield call("PUT", TERMS, {"version": "1"})
    yield call("GET", SESSION)
    yield call("GET", ACCOUNT)


def _expect(visitor: Visitor, method: str, path: str, body: object) -> None:
    """Raises AssertionError when the product refuses: what is counted must be an activation."""
    answer = visitor.call(method, path, body)
    if answer.status >= 400:  # noqa: PLR2004  # HTTP's first refusal
        raise AssertionError((method, path, answer.said))


def _counted(world: World, logged: io.StringIO, name: str, function: str, act: Callable[[], object]) -> Use:
    done, said = len(world.wire.done), len(logged.getvalue().encode())
    act()
    use = Use(name, function, is_api=name.partition(" ")[0].isupper(), logged=len(logged.getvalue().encode()) - said)
    for operation, asked in list(world.wire.done[done:]):
        use.calls += 1
        use.macs += operation == "GenerateMac"
        _count(world, use, operation, asked)
    return use


def _count(world: World, use: Use, operation: str, asked: Mapping[str, Any]) -> None:
    """A transaction costs double, and its checks as much as its writes; all our reads are consistent ones."""
    if operation == "TransactWriteItems":
        for part in asked["TransactItems"]:
            ((kind, write),) = part.items()
            use.write(write["TableName"], 2 * _units(world, write["TableName"], write[_WRITES[kind]], _WRITE_BYTES))
    elif operation in ("PutItem", "UpdateItem", "DeleteItem"):
        key = asked[_WRITES[operation.removesuffix("Item")]]
        use.write(asked["TableName"], _units(world, asked["TableName"], key, _WRITE_BYTES))
    elif operation == "GetItem":
        use.read(asked["TableName"], _units(world, asked["TableName"], asked["Key"], _READ_BYTES))
    elif operation == "BatchGetItem":
        for table, read in asked["RequestItems"].items():
            for key in read["Keys"]:
                use.read(table, _units(world, table, key, _READ_BYTES))
    elif operation in ("Query", "Scan"):
        use.read(asked["TableName"], 1)


def _units(world: World, table: str, key: Mapping[str, Any], of: int) -> int:
    wanted = {name: key[name]["S"] for name in _KEYS[table]}
    stored = (found for found in world.rows(table) if all(found[name]["S"] == wanted[name] for name in wanted))
    return max(1, ceil(size(next(stored, {})) / of))


def size(item: Mapping[str, Any]) -> int:
    """The bytes of a row as DynamoDB counts them: names and values, 3 for each map or list and 1 for each member."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(attribute: Mapping[str, Any]) -> int:
    ((kind, value),) = attribute.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return len(value) // 2 + 2
    if kind == "M":
        return 3 + sum(len(name.encode()) + _size(member) + 1 for name, member in value.items())
    if kind == "L":
        return 3 + sum(_size(member) + 1 for member in value)
    return 1 if kind in ("BOOL", "NULL") else len(json.dumps(value))
