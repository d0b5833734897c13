"""The ports `MailSender` and `SmsSender`: what goes out is kept."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sent:
    """A mail or SMS that went out; an SMS has its text alone."""

    to: str
    text: str
    subject: str = ""
    html: str = ""
    message_id: str = ""
    is_code: bool = False


@dataclass
class Provider:
    """Takes what is sent, in `sent`; raises `failures` first, one a call."""

    sent: list[Sent] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def take(self, message: Sent) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"provider-{len(self.sent)}"


class FakeMailSender(Provider):
    def send(self, to: str, *, subject: str, text: str, html: str, message_id: str, is_code: bool = False) -> str:
        return self.take(Sent(to, text, subject, html, message_id, is_code))


class FakeSmsSender(Provider):
    def send(self, to: str, text: str, *, is_code: bool = False) -> str:
        return self.take(Sent(to, text, is_code=is_code))
