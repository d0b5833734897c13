"""An agent of the help desk before its use cases."""

from typing import Any

from activation.domain.contacts import Channel, Contact
from functions.support import service
from functions.support.service import Call, File
from tests.builders import TEXTS
from tests.in_memory import InMemoryService, outcome

CLAIRE = Call("claire", "Appel")
KARIM = Call("karim", "Contrôle")
WHO = "10000001"
NEW = Contact(Channel.EMAIL, "louis@exemple.fr")


def ports(app: InMemoryService) -> service.Ports:
    return service.Ports(app.verification, app.accounts, app.structures, app.links, app.imported_mails)


def look(app: InMemoryService, call: Call = CLAIRE) -> File:
    return service.look(ports(app), call, identifier=WHO, texts=TEXTS, context=app.context)


def line(app: InMemoryService) -> str:
    return look(app).status.line


def do(app: InMemoryService, act: Any, call: Call = CLAIRE, **more: Any) -> str:
    return outcome(lambda: act(ports(app), call, identifier=WHO, context=app.context, **more))
