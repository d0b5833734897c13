"""A browser that takes the steps of every use case."""

from dataclasses import dataclass

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
from tests.unit.in_memory.outcomes import outcome
from tests.unit.in_memory.passwords import OTHER_PASSWORD
from tests.unit.in_memory.service import InMemoryService

ADDRESS = "203.0.113.7"


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
    def flow(self) -> Flow:
        """The flow as the table holds it."""
        return self.app.flows.rows[self.flow_id]

    @property
    def code(self) -> str:
        """The right code of the latest sending."""
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
        """The session and its person."""
        app = self.app
        return enter(app.sessions, app.accounts, self.session_hash, now=app.now, limits=app.limits)

    def start(
        self,
        identifier: str = "10000001",
        last_name: str = "Garcia",
        *,
        purpose: Purpose = Purpose.ACTIVATION,
        address: str = ADDRESS,
    ) -> Flow:
        """Step 1."""
        opened = start_activation.start(
            self.app.verification,
            purpose=purpose,
            identifier=identifier,
            last_name=last_name,
            reference=self.reference if self.flow_id else None,
            address=address,
            context=self.app.context,
        )
        return self._keep(opened)

    def resend(self, purpose: Purpose = Purpose.ACTIVATION) -> Flow:
        """« Renvoyer le code »."""
        return start_activation.resend(
            self.app.verification, purpose=purpose, reference=self.reference, context=self.app.context
        )

    def verify(self, code: str, purpose: Purpose = Purpose.ACTIVATION) -> Flow:
        """Step 2."""
        proven = verify_code.verify_anonymous(
            self._verify_ports(), purpose=purpose, reference=self.reference, code=code, context=self.app.context
        )
        self.flow_token = proven.token
        return proven.flow

    def set_password(self, password: str = PASSWORD, confirmation: str | None = None) -> Account:
        """Step 3 of an activation."""
        typed = passwords.Typed(password, password if confirmation is None else confirmation)
        entered = passwords.activate_account(
            self._password_ports(),
            reference=self.reference,
            typed=typed,
            device=self.device_hash,
            former=self.session_hash,
            context=self.app.context,
        )
        return self._entered(entered)

    def reset_password(self, password: str = OTHER_PASSWORD) -> None:
        """Step 3 of a reset."""
        typed = passwords.Typed(password, password)
        token = passwords.reset(
            self._password_ports(),
            reference=self.reference,
            typed=typed,
            device=self.device_hash,
            context=self.app.context,
        )
        self.device = token or self.device

    def change_password(self, current: str = PASSWORD, password: str = OTHER_PASSWORD) -> Account:
        """« Changer de mot de passe »."""
        entered = passwords.change(
            self._password_ports(),
            access=self.access,
            current=current,
            typed=passwords.Typed(password, password),
            device=self.device_hash,
            context=self.app.context,
        )
        return self._entered(entered)

    def activate(self, identifier: str = "10000001", last_name: str = "Garcia") -> Account:
        """All three steps."""
        self.start(identifier, last_name)
        self.app.deliver()
        self.verify(self.code)
        return self.set_password()

    def sign_in(self, identifier: str = "10000001", password: str = PASSWORD) -> Flow:
        """Identifier and password."""
        opened = sign_in.sign_in(
            sign_in.Ports(self.app.verification, self.app.accounts, self.app.peppers),
            identifier=identifier,
            password=password,
            reference=self.reference if self.flow_id else None,
            device=self.device_hash,
            address=ADDRESS,
            context=self.app.context,
        )
        return self._keep(opened)

    def resend_sign_in(self, channel: Channel | None = None) -> Flow:
        """« Renvoyer le code », on the other channel if told."""
        return sign_in.resend(
            self.app.verification,
            self.app.accounts,
            reference=self.reference,
            channel=channel,
            context=self.app.context,
        )

    def verify_sign_in(self, code: str) -> Account:
        """The code of a sign-in."""
        entered = verify_code.verify_sign_in(
            self._verify_ports(),
            reference=self.reference,
            code=code,
            device=self.device_hash,
            former=self.session_hash,
            context=self.app.context,
        )
        return self._entered(entered)

    def enter(self, identifier: str = "10000001") -> Account:
        """Sign in, code and all."""
        self.sign_in(identifier)
        return self.verify_sign_in(self.code)

    def consent(self, *, consents: bool = True, version: str = "1") -> Account:
        """S5a."""
        return preferences.set_consent(
            *self._preferences(),
            consents=consents,
            text_version=version,
            texts=self.app.texts,
            context=self.app.context,
        )

    def choose(self, channel: Channel, contact: Contact | None = None) -> preferences.ChannelChoice:
        """S5b."""
        choice = preferences.choose_channel(
            *self._preferences(), channel=channel, contact=contact, context=self.app.context
        )
        if choice.opened:
            self._keep(choice.opened)
        return choice

    def accept_terms(self, version: str = "1") -> Account:
        """S5c."""
        return preferences.set_terms(
            *self._preferences(), version=version, texts=self.app.texts, context=self.app.context
        )

    def verify_contact(self, code: str) -> Account:
        """The code of a new contact."""
        return verify_code.verify_contact(
            self._verify_ports(),
            access=self.access,
            reference=self.reference,
            code=code,
            context=self.app.context,
        )

    def resend_contact(self) -> Flow:
        """« Renvoyer le code » for a new contact."""
        return account.resend_contact_code(
            self._account_ports(), self._visitor(), self.reference, context=self.app.context
        )

    def where(self) -> account.Position:
        """« Où en suis-je ? »."""
        return account.where_am_i(self._account_ports(), self._visitor(), context=self.app.context)

    def home(self) -> account.Home:
        """The home page."""
        return account.show_home(self._account_ports(), self._visitor(), texts=self.app.texts, context=self.app.context)

    def change_contact(self, contact: Contact, password: str = PASSWORD) -> Flow:
        """« Modifier » a contact."""
        opened = account.change_contact(
            self._account_ports(),
            self._visitor(),
            contact=contact,
            password=password,
            texts=self.app.texts,
            context=self.app.context,
        )
        return self._keep(opened)

    def sign_out_everywhere(self) -> None:
        """« Se déconnecter partout »."""
        account.sign_out_everywhere(self._account_ports(), self._visitor(), context=self.app.context)

    def records(self) -> account.Records:
        """The history and the export."""
        return account.show_records(self._account_ports(), self._visitor(), context=self.app.context)

    def everything(self, export: account.ExportPorts) -> tuple[account.Records, Filed, list[Upload] | None]:
        """The export."""
        return account.show_everything(self._account_ports(), export, self._visitor(), context=self.app.context)

    def sign_out(self) -> None:
        """« Se déconnecter »."""
        sign_in.sign_out(self.app.sessions, self.session_hash)

    def guess(self, times: int, purpose: Purpose = Purpose.ACTIVATION) -> list[str]:
        """Type a wrong code so many times; gives what each try answered."""
        wrong = self.wrong_code
        return [outcome(lambda: self.verify(wrong, purpose)) for _ in range(times)]

    @property
    def wrong_code(self) -> str:
        """A code of the right length that opens nothing."""
        right = self.code
        return "0" * len(right) if int(right) else "1" * len(right)

    def _keep(self, opened: OpenedFlow) -> Flow:
        if opened.token:
            self.flow_id, self.flow_token = opened.flow.flow_id, opened.token
        return opened.flow

    def _entered(self, login: Login) -> Account:
        self.session, self.device = login.token, login.device_token or self.device
        return login.account

    def _verify_ports(self) -> comparison.Ports:
        return comparison.Ports(self.app.verification, self.app.accounts, self.app.sessions, self.app.codes)

    def _password_ports(self) -> passwords.Ports:
        app = self.app
        throttled = FakeThrottledAccounts(app.accounts, app.counters)
        return passwords.Ports(app.verification, app.accounts, throttled, app.sessions, app.peppers)

    def _account_ports(self) -> account.Ports:
        app = self.app
        employments = FakeEmployments(app.accounts, app.structures)
        return account.Ports(
            app.verification,
            app.accounts,
            app.sessions,
            app.structures,
            employments,
            app.peppers,
        )

    def _visitor(self) -> account.Visitor:
        return account.Visitor(self.session_hash, self.reference if self.flow_id else None, self.device_hash)

    def _preferences(self) -> tuple[preferences.Ports, preferences.Visitor]:
        ports = preferences.Ports(self.app.verification, self.app.accounts, self.app.sessions)
        return ports, preferences.Visitor(self.session_hash, self.reference if self.flow_id else None)
