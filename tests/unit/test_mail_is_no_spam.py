"""Every mail, as a provider receives it, judged by SpamAssassin, which asks nobody else."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from activation.messages import Kind, Mail
from tests.unit.test_messages import DESTINATIONS, contexts, mail_of

SENDER = "CNAS <ne-pas-repondre@compte.cnas.example>"
OUR_RETURN, AMAZONS_RETURN = "0102@retours.compte.cnas.example", "0102@eu-west-3.amazonses.com"
MOST = 1.0
SCORE = re.compile(rb"^X-Spam-Status: \w+, score=(-?\d+\.\d)", re.MULTILINE)


def mails() -> Iterator[tuple[str, Mail]]:
    for kind in Kind:
        for destination in (None, *DESTINATIONS.get(kind, [])):
            yield f"{kind}, {destination}", mail_of(kind, destination=destination)
    for context in contexts():
        yield f"{Kind.CODE}, {context}", mail_of(Kind.CODE, **context)


def received(mail: Mail, *, returned_to: str = OUR_RETURN) -> bytes:
    """The mail with what SES and the recipient's provider add to it."""
    message = EmailMessage(policy=SMTP)
    message["Return-Path"] = f"<{returned_to}>"
    message["Received"] = (
        "from a1-2.smtp-out.eu-west-3.amazonses.com (a1-2.smtp-out.eu-west-3.amazonses.com [54.240.1.2])"
        " by mx.fournisseur.example with ESMTPS for <louis@exemple.fr>; Tue, 24 Nov 2026 09:32:05 +0000"
    )
    message["From"], message["To"], message["Subject"] = SENDER, "louis@exemple.fr", mail.subject
    message["Date"], message["Message-ID"] = "Tue, 24 Nov 2026 09:32:00 +0000", "<0102@eu-west-3.amazonses.com>"
    message["Auto-Submitted"], message["X-Auto-Response-Suppress"] = "auto-generated", "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message.as_bytes()


def scores(folder: Path, *messages: bytes) -> list[float]:
    """What SpamAssassin gives each, without network, what it learnt and anybody's preferences."""
    program = shutil.which("spamassassin")
    if program is None:
        pytest.skip("NO SPAMASSASSIN HERE, NO MAIL IS JUDGED: apt-get install spamassassin")
    files = [folder / f"{number:03}.eml" for number in range(len(messages))]
    for file, message in zip(files, messages, strict=True):
        file.write_bytes(message)
    command = [program, "--local", "--test-mode", "--nocreate-prefs", "--cf=use_bayes 0", *map(str, files)]
    said = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "HOME": str(folder)}).stdout
    return [float(score) for score in SCORE.findall(said)]


def test_no_mail_looks_like_spam_but_one_that_bounces_to_amazon_does(tmp_path: Path) -> None:
    judged = dict(mails())
    bounces = received(mail_of(Kind.CODE), returned_to=AMAZONS_RETURN)
    *found, amazons = scores(tmp_path, *map(received, judged.values()), bounces)
    assert len(found) == len(judged)
    assert {name: score for name, score in zip(judged, found, strict=True) if score >= MOST} == {}
    assert amazons >= MOST
