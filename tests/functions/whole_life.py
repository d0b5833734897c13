"""A whole life of an account in one go, refusals and faults included, for what must hold all along."""

from typing import Any, ClassVar

from tests.builders import PASSWORD, ROSTER
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, CONTACT, OWN_PASSWORD, RESET, SESSION, TERMS
from tests.functions.people import LOUIS, NEW_PASSWORD, Person, both, credentials
from tests.functions.requests import sent
from tests.functions.visitor import Visitor
from tests.functions.wire import aws_error, timeout
from tests.functions.world import World

TYPED = "gArCíA"
"""Louis's name, as he types it at step 1."""

LAST_PASSWORD = "Bougie marine et lanterne"
"""What the account's password is in the end."""


class Watched(Visitor):
    """A browser whose every token is remembered."""

    seen: ClassVar[set[str]] = set()

    def call(self, *args: Any, **more: Any) -> Any:
        answer = super().call(*args, **more)
        Watched.seen |= {value.rpartition(".")[2] for value in self.cookies.values()}
        return answer


def whole_life(world: World) -> set[str]:
    """A whole journey, refusals and faults included; returns what no log may hold."""
    visitor, other, lost = Watched(), Watched(), Watched()
    codes: set[str] = set()

    def deliver() -> str:
        sent = [message.code for message in world.deliver() if message.has_code]
        codes.update(sent)
        return sent[-1] if sent else ""

    visitor.post(ACTIVATION, Person("10000001", TYPED).start_body)
    world.wire.fail("SendEmail", aws_error("InternalFailure", 500), times=1)
    deliver()
    world.wire.fail("GenerateMac", timeout, times=1)
    deliver()
    code = deliver()
    visitor.post(f"{ACTIVATION}/verification", {"code": "31415926"})
    visitor.post(f"{ACTIVATION}/verification", {"code": "mot-secret"})
    visitor.post(f"{ACTIVATION}/verification", {"code": code})
    visitor.post(f"{ACTIVATION}/password", {"password": "Court-Secret", "confirmation": "Autre-Secret"})
    visitor.post(f"{ACTIVATION}/password", {"passwort": PASSWORD, "confirmation": PASSWORD})
    visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    visitor.put(CONSENT, {"consents": True, "text_version": "1"})
    visitor.put(CHANNEL, {"channel": "sms", "mobile": "01 40 00 00 99"})
    visitor.put(CHANNEL, {"channel": "sms", "mobile": "06 98 76 54 32"})
    visitor.post(f"{CONTACT}/verification", {"code": deliver()})
    visitor.put(TERMS, {"version": "1"})
    visitor.get(ACCOUNT)
    sent(visitor)
    visitor.get(SESSION)
    other.post(SESSION, credentials(LOUIS, "Phrase-Fausse-77"))
    other.post(SESSION, credentials(LOUIS))
    other.post(f"{SESSION}/verification", {"code": deliver()})
    world.wire.fail("TransactWriteItems", timeout, times=1)
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    other.put(OWN_PASSWORD, {"current": PASSWORD, **both(NEW_PASSWORD)})
    lost.post(RESET, LOUIS.start_body)
    lost.post(f"{RESET}/verification", {"code": deliver()})
    lost.post(f"{RESET}/password", both(LAST_PASSWORD))
    deliver()
    other.call("POST", ACTIVATION, raw='{"identifier": "10000001", "last_name": "Nom-Secret')
    world.import_rows([*ROSTER, {"identifier": "20000001", "last_name": "Perrin", "email": "perrin@@exemple.fr"}])
    world.wire.mend()
    assert len(codes) == 4
    typed = {PASSWORD, NEW_PASSWORD, "31415926", "mot-secret", "Court-Secret", "Autre-Secret", "Phrase-Fausse-77"}
    typed |= {"Bougie marine", "01 40 00 00 99", "06 98 76 54 32", "Nom-Secret", "perrin@"}
    theirs = {TYPED, "garcia", "Garcia", "Louis", "mondomaine", "0612345678", "33698765432", "33612345678", "$argon2id"}
    return codes | typed | theirs | Watched.seen | {visitor.address}
