"""The port `Flows` in memory."""

from collections import Counter
from dataclasses import replace

from activation.domain.contacts import Contact
from activation.domain.errors import CodeRejectedError, DomainError, FlowExpiredError, WrongStepError
from activation.domain.flows import LIVE_CODES, Flow, FlowReference, FlowState, Purpose
from tests.fakes.store import FakeWrite


class FakeFlows:
    def __init__(self) -> None:
        self.rows: dict[str, Flow] = {}
        self.passwords: Counter[str] = Counter()

    def get(self, flow_id: str) -> Flow | None:
        return self.rows.get(flow_id)

    def open(self, flow: Flow) -> FakeWrite:
        return FakeWrite(flow.flow_id, lambda: self._put(flow), lambda: flow.flow_id not in self.rows)

    def add_code(self, flow: Flow, *, most_attempts: int, now: int) -> FakeWrite:
        """The worker's `recipients` are left alone but for the code that falls out."""

        def holds() -> bool:
            old = self.rows.get(flow.flow_id)
            return bool(
                old
                and old.code_number == flow.code_number - 1
                and old.token_hash == flow.token_hash
                and old.state is FlowState.CODE_SENT
                and old.attempts < most_attempts
                and old.ends_at > now
            )

        def apply() -> None:
            old, told = self.rows[flow.flow_id], flow.recipients.get(flow.code_number)
            recipients = {**old.recipients, **({flow.code_number: told} if told else {})}
            recipients.pop(flow.code_number - LIVE_CODES, None)
            self._put(replace(flow, attempts=old.attempts, recipients=recipients, epoch=old.epoch))

        return FakeWrite(flow.flow_id, apply, holds)

    def spend_attempt(
        self, reference: FlowReference, purpose: Purpose, *, session_id: str | None, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        flow = self.rows.get(reference.flow_id)
        if (
            flow is None
            or not flow.belongs_to(reference, now)
            or flow.attempts >= most
            or (flow.state, flow.purpose) != (FlowState.CODE_SENT, purpose)
            or (session_id and flow.session_id != session_id)
        ):
            return flow, False
        self._put(replace(flow, attempts=flow.attempts + 1))
        return self.rows[flow.flow_id], True

    def spend_password(
        self, reference: FlowReference, purpose: Purpose, *, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        flow = self.rows.get(reference.flow_id)
        if (
            flow is None
            or not flow.belongs_to(reference, now)
            or (flow.state, flow.purpose) != (FlowState.VERIFIED, purpose)
            or self.passwords[flow.flow_id] >= most
        ):
            return flow, False
        self.passwords[flow.flow_id] += 1
        return flow, True

    def mark_verified(self, before: Flow, after: Flow) -> FakeWrite:
        def holds() -> bool:
            old = self.rows.get(before.flow_id)
            waits = old and old.state is FlowState.CODE_SENT and old.token_hash == before.token_hash
            return bool(old and waits and after.matched in old.recipients)

        def refusal() -> DomainError | None:
            old = self.rows.get(before.flow_id)
            if old and old.verification_id == after.verification_id:
                return None
            if old is None or old.state is not FlowState.CODE_SENT:
                return WrongStepError(after.next_step)
            return CodeRejectedError(0)

        def apply() -> None:
            old = self.rows[before.flow_id]
            self._put(replace(after, attempts=old.attempts, recipients=old.recipients, epoch=old.epoch))

        return FakeWrite(before.flow_id, apply, holds, refusal)

    def finish(self, flow: Flow, *, now: int) -> FakeWrite:
        def holds() -> bool:
            old = self.rows.get(flow.flow_id)
            proven = old and (old.state, old.token_hash) == (FlowState.VERIFIED, flow.token_hash)
            return bool(old and proven and old.ends_at > now)

        def refusal() -> DomainError:
            old = self.rows.get(flow.flow_id)
            return WrongStepError(old.next_step) if old else FlowExpiredError()

        def apply() -> None:
            old = self.rows[flow.flow_id]
            notified = flow.notified_contacts
            self._put(replace(old, state=FlowState.DONE, notified_contacts=notified, ends_at=flow.ends_at))

        return FakeWrite(flow.flow_id, apply, holds, refusal)

    def lock(self, flow_id: str) -> FakeWrite:
        return FakeWrite(flow_id)

    def name_recipient(self, flow: Flow, code_number: int, contact: Contact, *, epoch: int) -> FakeWrite:
        def holds() -> bool:
            old = self.rows.get(flow.flow_id)
            waits = old and old.state is FlowState.CODE_SENT and code_number in old.codes
            return bool(old and waits and old.epoch in (None, epoch))

        def apply() -> None:
            old = self.rows[flow.flow_id]
            self._put(replace(old, recipients={**old.recipients, code_number: contact}, epoch=epoch))

        return FakeWrite(flow.flow_id, apply, holds)

    def _put(self, flow: Flow) -> None:
        self.rows[flow.flow_id] = flow
