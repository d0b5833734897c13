"""The flows in the table `pending_codes` (port `Flows`)."""

from collections.abc import Mapping
from typing import Any

from activation.adapters.dynamodb import DynamoWrite, Item, Table
from activation.domain.contacts import Channel, Contact
from activation.domain.errors import CodeRejectedError, DomainError, FlowExpiredError, StaleError, WrongStepError
from activation.domain.flows import LIVE_CODES, Flow, FlowReference, FlowState, Purpose, SentCode
from activation.domain.records import from_record


class DynamoFlows:
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, flow_id: str) -> Flow | None:
        item = self._table.get(flow_id=flow_id)
        return flow_of(item) if item else None

    def open(self, flow: Flow) -> DynamoWrite:
        return self._table.put(_item(flow), condition="attribute_not_exists(flow_id)")

    def add_code(self, flow: Flow, *, most_attempts: int, now: int) -> DynamoWrite:
        """Leaves the worker's `recipients` as they are, except that of the oldest code number, which is removed."""
        contact = flow.recipients.get(flow.code_number)
        told: dict[str, Any] = {"contact": _contact_item(contact)} if contact else {}
        sets = "SET code_number = :code_number, codes.#new = :code, resends = :resends, ends_at = :ends_at"
        gone = " REMOVE codes.#gone, recipients.#gone"
        return self._table.update_write(
            {"flow_id": flow.flow_id},
            sets + (", recipients.#new = :contact" if contact else "") + gone,
            condition="code_number = :before AND token_hash = :token AND #state = :sent"
            " AND attempts < :most AND ends_at > :now",
            name_new=str(flow.code_number),
            name_gone=str(flow.code_number - LIVE_CODES),
            name_state="state",
            code_number=flow.code_number,
            before=flow.code_number - 1,
            code=_code_item(flow.latest_code),
            resends=flow.resends,
            ends_at=flow.ends_at,
            token=flow.token_hash,
            sent=FlowState.CODE_SENT.value,
            most=most_attempts,
            now=now,
            **told,
        )

    def spend_attempt(
        self, reference: FlowReference, purpose: Purpose, *, session_id: str | None, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        of_session = {"session": session_id} if session_id else {}
        return self._spend(
            reference,
            purpose,
            FlowState.CODE_SENT,
            "SET attempts = attempts + :one",
            "attempts < :most" + (" AND session_id = :session" if of_session else ""),
            now=now,
            most=most,
            **of_session,
        )

    def spend_password(
        self, reference: FlowReference, purpose: Purpose, *, most: int, now: int
    ) -> tuple[Flow | None, bool]:
        return self._spend(
            reference,
            purpose,
            FlowState.VERIFIED,
            "SET passwords = if_not_exists(passwords, :none) + :one",
            "(attribute_not_exists(passwords) OR passwords < :most)",
            now=now,
            most=most,
            none=0,
        )

    def _spend(
        self, reference: FlowReference, purpose: Purpose, state: FlowState, sets: str, condition: str, **values: Any
    ) -> tuple[Flow | None, bool]:
        """Count one try if the condition holds, the flow has that purpose and state, and the browser has its token."""
        item, spent = self._table.update(
            {"flow_id": reference.flow_id},
            sets,
            condition=f"{condition} AND #state = :state AND ends_at > :now"
            " AND token_hash = :token AND purpose = :purpose",
            name_state="state",
            one=1,
            state=state.value,
            token=reference.token_hash,
            purpose=purpose.value,
            **values,
        )
        return (flow_of(item) if item else None), spent

    def mark_verified(self, before: Flow, after: Flow) -> DynamoWrite:

        def refuse(old: Item) -> DomainError | None:
            if old.get("verification_id") == after.verification_id:
                return None
            if old.get("state") != FlowState.CODE_SENT:
                return WrongStepError(after.next_step)
            return CodeRejectedError(0)

        notified, values = _notified(after)
        return self._table.update_write(
            {"flow_id": before.flow_id},
            "SET #state = :state, token_hash = :new_token, matched = :matched,"
            " verification_id = :verification_id, ends_at = :ends_at" + notified,
            condition="#state = :sent AND token_hash = :token AND attribute_exists(recipients.#matched)",
            refuse=refuse,
            name_state="state",
            name_matched=str(after.matched),
            state=after.state.value,
            new_token=after.token_hash,
            matched=after.matched,
            verification_id=after.verification_id,
            ends_at=after.ends_at,
            sent=FlowState.CODE_SENT.value,
            token=before.token_hash,
            **values,
        )

    def finish(self, flow: Flow, *, now: int) -> DynamoWrite:
        notified, values = _notified(flow)
        return self._table.update_write(
            {"flow_id": flow.flow_id},
            "SET #state = :done, ends_at = :ends_at" + notified,
            condition="#state = :verified AND token_hash = :token AND ends_at > :now",
            refuse=lambda old: WrongStepError(flow_of(old).next_step) if old else FlowExpiredError(),
            name_state="state",
            done=FlowState.DONE.value,
            verified=FlowState.VERIFIED.value,
            token=flow.token_hash,
            ends_at=flow.ends_at,
            now=now,
            **values,
        )

    def lock(self, flow_id: str) -> DynamoWrite:
        return self._table.check(
            {"flow_id": flow_id},
            condition="attribute_exists(flow_id) OR attribute_not_exists(flow_id)",
            refuse=lambda _: StaleError(),
        )

    def name_recipient(self, flow: Flow, code_number: int, contact: Contact, *, epoch: int) -> DynamoWrite:
        return self._table.update_write(
            {"flow_id": flow.flow_id},
            "SET recipients.#code_number = :contact, epoch = :epoch",
            condition="#state = :sent AND attribute_exists(codes.#code_number)"
            " AND (attribute_not_exists(epoch) OR epoch = :epoch)",
            name_state="state",
            name_code_number=str(code_number),
            contact=_contact_item(contact),
            epoch=epoch,
            sent=FlowState.CODE_SENT.value,
        )


def _notified(flow: Flow) -> tuple[str, dict[str, Any]]:
    """The part of an update that writes the flow's notified contacts, and its value; empty when there are none."""
    if not flow.notified_contacts:
        return "", {}
    return ", notified_contacts = :notified", {"notified": _contact_values(flow.notified_contacts)}


def _code_item(sent: SentCode) -> Item:
    return {"digits": sent.digits, "expires_at": sent.expires_at}


def _contact_item(contact: Contact) -> Item:
    return {"channel": contact.channel.value, "value": contact.value}


def _contact_values(contacts: Mapping[Channel, Contact]) -> Item:
    return {channel.value: contact.value for channel, contact in contacts.items()}


def _item(flow: Flow) -> Item:
    return {
        "flow_id": flow.flow_id,
        "token_hash": flow.token_hash,
        "purpose": flow.purpose.value,
        "identifier": flow.identifier,
        "throttle_key": flow.throttle_key,
        "state": flow.state.value,
        "code_number": flow.code_number,
        "codes": {str(number): _code_item(sent) for number, sent in flow.codes.items()},
        "attempts": flow.attempts,
        "resends": flow.resends,
        "ends_at": flow.ends_at,
        "recipients": {str(number): _contact_item(contact) for number, contact in flow.recipients.items()},
        "epoch": flow.epoch,
        "matched": flow.matched,
        "verification_id": flow.verification_id,
        "session_id": flow.session_id,
        "notified_contacts": _contact_values(flow.notified_contacts) or None,
    }


def flow_of(item: Item) -> Flow:
    """The flow stored in a row."""
    return Flow(
        flow_id=item["flow_id"],
        token_hash=item["token_hash"],
        purpose=Purpose(item["purpose"]),
        identifier=item["identifier"],
        throttle_key=item["throttle_key"],
        state=FlowState(item["state"]),
        code_number=item["code_number"],
        codes={int(number): from_record(SentCode, sent) for number, sent in item["codes"].items()},
        attempts=item["attempts"],
        resends=item["resends"],
        ends_at=item["ends_at"],
        recipients={
            int(number): Contact(Channel(contact["channel"]), contact["value"])
            for number, contact in item["recipients"].items()
        },
        epoch=item.get("epoch"),
        matched=item.get("matched"),
        verification_id=item.get("verification_id"),
        session_id=item.get("session_id"),
        notified_contacts={
            Channel(channel): Contact(Channel(channel), value)
            for channel, value in item.get("notified_contacts", {}).items()
        },
    )
