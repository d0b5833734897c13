"""A browser that takes the steps of every use case."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from activation.domain.access import Access, enter
from activation.domain.accounts import Account
from activation.domain.contacts import Channel, Contact
from activation.domain.flows import Flow, FlowReference, Purpose
from activation.domain.login import Login
from activation.domain.requests.ports import Filed
from activation.domain.tokens import hash_token
from activation.domain.uploads import Upload
from activation.domain.verification import OpenedFlow
from functions.account import service as account
from functions.preferences import service as preferences
from functions.set_password import service as passwords
from functions.sign_in import service as sign_in
from functions.start_activation import service as start_activation
from functions.verify_code import comparison
from functions.verify_code import service as verify_code
from tests.builders import PASSWORD
from tests.fakes.delivery_contexts import FakeThrottledAccounts
from tests.fakes.structures import FakeEmployments
from tests.in_memory.outcomes import outcome
from tests.in_memory.passwords import OTHER_PASSWORD
from tests.in_memory.service import InMemoryService

Done = TypeVar("Done")
IP, LOUIS, ACTIVATION = "203.0.113.7", "10000001", Purpose.ACTIVATION


@dataclass
class Browser:
    """One browser: holds what the cookies hold."""

    app: InMemoryService
    flow_id: str = ""
    flow_token: str = ""
    session: str | None = None
    device: str | None = None
    shown: str | None = None
    """The flow that its page shows, where that is another than its cookie's."""

    @property
    def reference(self) -> FlowReference:
        """The flow's cookie and `X-Flow`."""
        return FlowReference(self.flow_id, hash_token(self.flow_token), self.shown)

    @property
    def running(self) -> FlowReference | None:
        """The same, once it has begun a flow."""
        return self.reference if self.flow_id else None

    @property
    def flow(self) -> Flow:
        return self.app.flows.rows[self.flow_id]

    @property
    def code(self) -> str:
        return self.app.code(self.flow_id)

    @property
    def session_hash(self) -> str | None:
        """What the tables hold of the session's cookie."""
        return hash_token(self.session) if self.session else None

    @property
    def device_hash(self) -> str | None:
        """What the tables hold of the cookie that makes the browser known."""
        return hash_token(self.device) if self.device else None

    @property
    def access(self) -> Access:
        app = self.app
        return enter(app.sessions, app.accounts, self.session_hash, now=app.now, limits=app.limits)

    def start(
        self, identifier: str = LOUIS, last_name: str = "Garcia", *, purpose: Purpose = ACTIVATION, address: str = IP
    ) -> Flow:
        said = {"identifier": identifier, "last_name": last_name, "purpose": purpose, "address": address}
        return self._keep(self._do(start_activation.start, self.app.verification, reference=self.running, **said))

    def resend(self, purpose: Purpose = ACTIVATION) -> Flow:
        return self._do(start_activation.resend, self.app.verification, purpose=purpose, reference=self.reference)

    def verify(self, code: str, purpose: Purpose = ACTIVATION) -> Flow:
        proven = self._compare(verify_code.verify_anonymous, code, purpose=purpose)
        self.flow_token = proven.token
        return proven.flow

    def prove(self, identifier: str = LOUIS, last_name: str = "Garcia", *, purpose: Purpose = ACTIVATION) -> Flow:
        """Steps 1 and 2."""
        self.start(identifier, last_name, purpose=purpose)
        self.app.deliver()
        return self.verify(self.code, purpose)

    def set_password(self, password: str = PASSWORD, confirmation: str | None = None) -> Account:
        typed = passwords.Typed(password, password if confirmation is None else confirmation)
        more = {"reference": self.reference, "former": self.session_hash}
        return self._entered(self._choose_password(passwords.activate_account, typed, **more))

    def reset_password(self, password: str = OTHER_PASSWORD) -> None:
        typed = passwords.Typed(password, password)
        token = self._choose_password(passwords.reset, typed, reference=self.reference)
        self.device = token or self.device

    def change_password(self, current: str = PASSWORD, password: str = OTHER_PASSWORD) -> Account:
        typed = passwords.Typed(password, password)
        return self._entered(self._choose_password(passwords.change, typed, access=self.access, current=current))

    def activate(self, identifier: str = LOUIS, last_name: str = "Garcia") -> Account:
        self.prove(identifier, last_name)
        return self.set_password()

    def sign_in(self, identifier: str = LOUIS, password: str = PASSWORD) -> Flow:
        ports = sign_in.Ports(self.app.verification, self.app.accounts, self.app.peppers)
        said = {"identifier": identifier, "password": password, "device": self.device_hash, "address": IP}
        return self._keep(self._do(sign_in.sign_in, ports, reference=self.running, **said))

    def resend_sign_in(self, channel: Channel | None = None) -> Flow:
        ports = self.app.verification, self.app.accounts
        return self._do(sign_in.resend, *ports, reference=self.reference, channel=channel)

    def verify_sign_in(self, code: str) -> Account:
        more = {"device": self.device_hash, "former": self.session_hash}
        return self._entered(self._compare(verify_code.verify_sign_in, code, **more))

    def enter(self, identifier: str = LOUIS, password: str = PASSWORD) -> Account:
        self.sign_in(identifier, password)
        return self.verify_sign_in(self.code)

    def consent(self, *, consents: bool = True, version: str = "1") -> Account:
        said = {"consents": consents, "text_version": version, "texts": self.app.texts}
        return self._decide(preferences.set_consent, **said)

    def choose(self, channel: Channel, contact: Contact | None = None) -> preferences.ChannelChoice:
        choice = self._decide(preferences.choose_channel, channel=channel, contact=contact)
        if choice.opened:
            self._keep(choice.opened)
        return choice

    def accept_terms(self, version: str = "1") -> Account:
        return self._decide(preferences.set_terms, version=version, texts=self.app.texts)

    def verify_contact(self, code: str) -> Account:
        return self._compare(verify_code.verify_contact, code, access=self.access)

    def resend_contact(self) -> Flow:
        return self._visit(account.resend_contact_code, self.reference)

    def where(self) -> account.Position:
        return self._visit(account.where_am_i)

    def home(self) -> account.Home:
        return self._visit(account.show_home, texts=self.app.texts)

    def change_contact(self, contact: Contact, password: str = PASSWORD) -> Flow:
        said = {"contact": contact, "password": password, "texts": self.app.texts}
        return self._keep(self._visit(account.change_contact, **said))

    def sign_out_everywhere(self) -> None:
        self._visit(account.sign_out_everywhere)

    def records(self) -> account.Records:
        return self._visit(account.show_records)

    def everything(self, export: account.ExportPorts) -> tuple[account.Records, Filed, list[Upload] | None]:
        return self._visit(lambda ports, visitor, **said: account.show_everything(ports, export, visitor, **said))

    def sign_out(self) -> None:
        sign_in.sign_out(self.app.sessions, self.session_hash)

    def guess(self, times: int, purpose: Purpose = ACTIVATION) -> list[str]:
        """Type a wrong code so many times; gives what each try answered."""
        wrong = self.wrong_code
        return [outcome(lambda: self.verify(wrong, purpose)) for _ in range(times)]

    @property
    def wrong_code(self) -> str:
        """A code of the right length that opens nothing."""
        right = self.code
        return "0" * len(right) if int(right) else "1" * len(right)

    def _do(self, use_case: Callable[..., Done], *given: object, **said: object) -> Done:
        return use_case(*given, **said, context=self.app.context)

    def _keep(self, opened: OpenedFlow) -> Flow:
        if opened.token:
            self.flow_id, self.flow_token = opened.flow.flow_id, opened.token
        return opened.flow

    def _entered(self, login: Login) -> Account:
        self.session, self.device = login.token, login.device_token or self.device
        return login.account

    def _compare(self, use_case: Callable[..., Done], code: str, **said: object) -> Done:
        ports = comparison.Ports(self.app.verification, self.app.accounts, self.app.sessions, self.app.codes)
        return self._do(use_case, ports, reference=self.reference, code=code, **said)

    def _choose_password(self, use_case: Callable[..., Done], typed: passwords.Typed, **said: object) -> Done:
        app = self.app
        throttled = FakeThrottledAccounts(app.accounts, app.counters)
        ports = passwords.Ports(app.verification, app.accounts, throttled, app.sessions, app.peppers)
        return self._do(use_case, ports, typed=typed, device=self.device_hash, **said)

    def _visit(self, use_case: Callable[..., Done], *given: object, **said: object) -> Done:
        app = self.app
        employments = FakeEmployments(app.accounts, app.structures)
        ports = account.Ports(app.verification, app.accounts, app.sessions, app.structures, employments, app.peppers)
        visitor = account.Visitor(self.session_hash, self.running, self.device_hash)
        return self._do(use_case, ports, visitor, *given, **said)

    def _decide(self, use_case: Callable[..., Done], **said: object) -> Done:
        ports = preferences.Ports(self.app.verification, self.app.accounts, self.app.sessions)
        return self._do(use_case, ports, preferences.Visitor(self.session_hash, self.running), **said)
