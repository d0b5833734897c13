"""The demo people, and what they do on the site."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.builders import PASSWORD
from tests.functions.paths import ACCOUNT, ACTIVATION, CHANNEL, CONSENT, CONTACT, SESSION, TERMS
from tests.functions.visitor import Answer, Visitor
from tests.functions.world import Message, World

NEW_PASSWORD = "Loutre58-Cuivre92-Balcon"
HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True)
class Person:
    """An identifier and a name, as typed in step 1."""

    identifier: str
    last_name: str

    @property
    def start_body(self) -> dict[str, str]:
        return {"identifier": self.identifier, "last_name": self.last_name}


LOUIS = Person("10000001", "Garcia")
AWA = Person("10000002", "N'Diaye")
YANN = Person("10000003", "Le Goff")
INES = Person("10000004", "D’Almeida-Cœur")
ROSE = Person("10000005", "Petit")
STRANGER = Person("29999999", "Delacroix")
LOUIS_MAIL, LOUIS_MOBILE = "louis.garcia@mondomaine.com", "+33612345678"
AWA_MOBILE = "+33623456789"


def both(password: str) -> dict[str, str]:
    """Step 3's body."""
    return {"password": password, "confirmation": password}


def ask_code(world: World, visitor: Visitor, person: Person, path: str = ACTIVATION) -> Message:
    """Step 1, and the code that comes."""
    assert visitor.post(path, person.start_body).said == (202, "verify_code")
    [message] = world.deliver()
    return message


def prove(world: World, visitor: Visitor, person: Person, path: str = ACTIVATION) -> Answer:
    code = ask_code(world, visitor, person, path).code
    answer = visitor.post(f"{path}/verification", {"code": code})
    assert answer.said == (200, "set_password")
    return answer


def activate(world: World, visitor: Visitor, person: Person) -> Answer:
    """Steps 1 to 3; the confirmation still waits in the outbox."""
    prove(world, visitor, person)
    answer = visitor.post(f"{ACTIVATION}/password", both(PASSWORD))
    assert answer.said == (200, "give_consent")
    return answer


def in_session(world: World, person: Person) -> Visitor:
    """A visitor who has just activated their account. First thing in a test: the tables are put back as they were."""
    return remembered(world, f"{person.identifier} in session", lambda visitor: activate(world, visitor, person))


def at_home(world: World, person: Person) -> Visitor:
    """A visitor with nothing left to decide. First thing in a test, too."""

    def go_home(visitor: Visitor) -> None:
        activate(world, visitor, person)
        settle(visitor)

    return remembered(world, f"{person.identifier} at home", go_home)


def with_two_contacts(world: World) -> Visitor:
    """Louis at home, his mail and his mobile proven, codes by SMS. First thing in a test, too."""

    def go_home(visitor: Visitor) -> None:
        activate(world, visitor, LOUIS)
        visitor.put(CONSENT, {"consents": True, "text_version": "1"})
        visitor.put(CHANNEL, {"channel": "sms", "mobile": "0612345678"})
        [message] = [message for message in world.deliver() if message.has_code]
        visitor.post(f"{CONTACT}/verification", {"code": message.code})
        assert visitor.put(TERMS, {"version": "1"}).said == (200, "home")

    return remembered(world, "two contacts", go_home)


def settle(visitor: Visitor, channel: str | None = None) -> None:
    offered = visitor.put(CONSENT, {"consents": True, "text_version": "1"}).body["contacts"]
    assert visitor.put(CHANNEL, {"channel": channel or offered["proven"][0]}).next_step == "accept_terms"
    assert visitor.put(TERMS, {"version": "1"}).said == (200, "home")


def type_code(world: World, visitor: Visitor, path: str = SESSION) -> Answer:
    [message] = world.deliver()
    return visitor.post(f"{path}/verification", {"code": message.code})


def change_mail(world: World, visitor: Visitor, address: str, password: str = PASSWORD) -> None:
    visitor.put(f"{ACCOUNT}/email", {"email": address, "password": password})
    assert type_code(world, visitor, CONTACT).status == 200
    world.deliver()


def credentials(person: Person, password: str = PASSWORD) -> dict[str, str]:
    return {"identifier": person.identifier, "password": password}


def sign_in(world: World, person: Person, password: str = PASSWORD) -> Visitor:
    visitor = Visitor()
    assert visitor.post(SESSION, credentials(person, password)).said == (202, "verify_code")
    assert type_code(world, visitor).status == 200
    return visitor


def wrong_codes(*right: str) -> Iterator[str]:
    return (code for number in range(10**6) if (code := f"{(number * 7919 + 314159) % 10**6:06}") not in right)


def flow_id(visitor: Visitor) -> str:
    return visitor.cookies["__Host-flow"].partition(".")[0]


def remembered(world: World, name: str, go: Callable[[Visitor], object]) -> Visitor:
    """A visitor who went there, the second time without going. First thing in a test: the tables are put back."""
    world.begin_anew()
    cookies = world.deployment.recall(name)
    if cookies is not None:
        return Visitor(cookies)
    visitor = Visitor()
    go(visitor)
    world.deliver()
    world.wire.done.clear()
    world.deployment.remember(name, visitor.cookies)
    return visitor
