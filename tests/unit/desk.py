"""An agent of the help desk before its use cases."""

from typing import Any

from activation.domain.contacts import Channel, Contact
from functions.support import service
from functions.support.service import Call, File
from tests.builders import TEXTS
from tests.unit.house import House, outcome

CLAIRE = Call("claire", "Appel")
KARIM = Call("karim", "Contrôle")
WHO = "10000001"
NEW = Contact(Channel.EMAIL, "louis@exemple.fr")


def ports(house: House) -> service.Ports:
    return service.Ports(house.proofs, house.accounts, house.structures)


def look(house: House, call: Call = CLAIRE) -> File:
    return service.look(ports(house), call, identifier=WHO, texts=TEXTS, clock=house.clock)


def line(house: House) -> str:
    return look(house).status.line


def do(house: House, act: Any, call: Call = CLAIRE, **more: Any) -> str:
    return outcome(lambda: act(ports(house), call, identifier=WHO, clock=house.clock, **more))
