"""The ports in memory around one clock, and the worker."""

from typing import Any

from activation.domain.accounts import Account
from activation.domain.code_digits import code_for, code_message
from activation.domain.contacts import Channel
from activation.domain.events import EventKind
from activation.domain.limits import Limits
from activation.domain.outbox import MessageKind
from activation.domain.verification import RequestContext, VerificationPorts
from functions.deliver_message import service as deliver_message
from functions.deliver_message.letters import LetterPorts
from functions.deliver_message.service import SENT_BY, Outcome
from tests.builders import NOW, TEXTS, changed
from tests.fakes.accounts import FakeAccounts
from tests.fakes.breaker import FakeBreaker
from tests.fakes.counters import FakeBudgets, FakeCounters
from tests.fakes.delivery_contexts import FakeDeliveryContexts
from tests.fakes.flows import FakeFlows
from tests.fakes.macs import FakeMacs
from tests.fakes.outbox import FakeMailSender, FakeOutbox, FakeSmsSender
from tests.fakes.random import FakeRandom
from tests.fakes.requests import FakeRequests
from tests.fakes.sessions import FakeSessions
from tests.fakes.store import FakeStore
from tests.fakes.structures import FakeImportedMails, FakeLinks, FakeStructures

HOST = "compte.exemple.fr"


class InMemoryService:
    """Every port in memory, at a moment that the test moves on."""

    def __init__(self, *people: Account, **limits: int) -> None:
        self.now, self.limits, self.random, self.texts = NOW, Limits(**limits), FakeRandom(), TEXTS
        self.store, self.flows, self.accounts = FakeStore(), FakeFlows(), FakeAccounts()
        self.sessions, self.structures, self.outbox = FakeSessions(), FakeStructures(), FakeOutbox()
        self.requests, self.documents = FakeRequests(), FakeMacs("document")
        self.links, self.imported_mails = FakeLinks(self.structures), FakeImportedMails()
        self.counters, self.budgets = FakeCounters(self.limits), FakeBudgets()
        self.breaker = FakeBreaker(self.limits)
        self.codes, self.peppers, self.mails = FakeMacs("code"), FakeMacs("pepper"), FakeMacs("mail")
        self.mail, self.sms = FakeMailSender(), FakeSmsSender()
        self.accounts.add(*people)

    @property
    def context(self) -> RequestContext:
        return RequestContext(self.now, self.random, self.limits)

    @property
    def verification(self) -> VerificationPorts:
        return VerificationPorts(self.store, self.flows, self.counters, self.outbox, self.breaker)

    def wait(self, seconds: int) -> None:
        self.now += seconds

    def account(self, identifier: str = "10000001") -> Account:
        return self.accounts.rows[identifier]

    def change_account(self, identifier: str = "10000001", **more: Any) -> None:
        old = self.account(identifier)
        self.accounts.add(changed(old, version=old.version + 1, **more))

    def deliver(self) -> list[Outcome]:
        return [self.deliver_one(message.message_id) for message in self.outbox.pending]

    def deliver_one(self, message_id: str) -> Outcome:
        contexts = FakeDeliveryContexts(self.accounts, self.flows, self.counters)
        letters = LetterPorts(contexts, self.flows, self.structures, self.breaker, self.codes)
        written = self.store, self.outbox, self.outbox, self.accounts
        ports = deliver_message.Ports(letters, *written, self.budgets, self.counters, self.mail, self.sms)
        message = self.outbox.unsettled(message_id)
        if message is None:
            return Outcome.SETTLED
        return deliver_message.deliver(ports, message, host=HOST, now=self.now, limits=self.limits)

    def code(self, flow_id: str, code_number: int | None = None) -> str:
        """The right code of a flow, of its latest code unless told: what no decoy's visitor can know."""
        flow = self.flows.rows[flow_id]
        number = code_number or flow.code_number
        mac = FakeMacs("code").mac(code_message(flow.purpose, flow_id))
        return code_for(mac, number=number, digits=flow.codes[number].digits)

    def done(self, identifier: str = "10000001") -> list[EventKind]:
        """What the person did, as their history has it: without what became of the codes sent."""
        events = self.accounts.events.get(identifier, [])
        return [event.kind for event in events if event.kind not in SENT_BY.values()]

    def notices(self) -> list[tuple[MessageKind, Channel | None]]:
        waiting = [message for message in self.outbox.pending if message.kind is not MessageKind.CODE]
        return [(message.kind, message.channel) for message in waiting]
