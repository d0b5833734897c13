"""The French mails and SMS."""

from activation.domain.outbox import MessageKind as Kind
from activation.messages.rendering import Mail, render_mail, render_sms

__all__ = ["Kind", "Mail", "render_mail", "render_sms"]
