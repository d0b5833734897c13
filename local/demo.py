"""The people that the local run starts from, two correspondents, and two agents of the help desk that IAM knows."""

import csv
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path

from activation.adapters.accounts import DynamoAccounts
from activation.adapters.dynamodb import DynamoStore, Table
from activation.adapters.links import DynamoLinks
from activation.adapters.mac import KmsMacs
from activation.adapters.tables import ACCOUNTS, STRUCTURES
from activation.domain.accounts import activate
from activation.domain.consent import decide_consent
from activation.domain.contacts import Channel, Contact
from activation.domain.credentials import pepper, protect
from activation.domain.events import Event, EventKind
from activation.domain.invitations import Invitee, invited_account, mail_key
from activation.domain.links import LinkPorts, save_link, with_link
from activation.domain.roster.imports import State
from activation.domain.terms import accept_terms
from activation.texts import current_texts
from local.deployment import Deployment, DeploymentError
from local.roster import Rosters
from local.running import running_on

PAUL = "10000006"
PAULS_PASSWORD = "Tournesol-Violet-42"  # noqa: S105  # a demo's, named in the README
MARCS_PASSWORD = "Boussole-Orange-58"  # noqa: S105  # as above
DEMO_SESSION = "demo"
"""The name in proofs of the session in which demo decisions are made."""

ROSTER = Path(__file__).with_name("demo_roster.csv")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class DemoCorrespondent:
    """A correspondent of structures of the demo roster; with a password once their account is in use."""

    identifier: str
    last_name: str
    first_name: str
    email: str
    structures: tuple[str, ...]
    password: str = ""


CORRESPONDENTS = (
    DemoCorrespondent("C40218866", "Fontaine", "Claire", "claire.fontaine@saint-aubin.example", ("M0001",)),
    DemoCorrespondent(
        "C51930274",
        "Hoarau",
        "Marc",
        "marc.hoarau@deux-rives.example",
        ("D0974", "C0974", "E0974"),
        MARCS_PASSWORD,
    ),
)

AGENTS = ("claire", "karim")
"""The two agents: closing an account takes two."""


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """An agent; `file` holds the lines that a shell reads before the client."""

    name: str
    file: Path


def rows() -> list[Row]:
    """The demo people, as rows of their correspondents' roster."""
    with ROSTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def import_people(deployment: Deployment) -> None:
    """Import the demo people as any roster is imported. Raises DeploymentError."""
    state = Rosters(running_on(deployment)).apply(ROSTER.name, ROSTER.read_bytes())
    if state is not State.APPLIED:
        raise DeploymentError(f"the demo roster is {state}")


def described() -> list[str]:
    """A line for each of the demo people: names and contacts."""
    return [
        f"{row['identifier']}  {row['first_name']} {_last_names(row)}: "
        + (", ".join(filter(None, (row["email"], row["mobile"]))) or "sans contact")
        for row in rows()
    ]


def described_correspondents() -> list[str]:
    """A line for each demo correspondent: names, mail, number of structures, and password."""
    return [
        f"{one.identifier}  {one.first_name} {one.last_name}: {one.email}, {len(one.structures)} structure(s)"
        + (f", mot de passe {one.password}" if one.password else "")
        for one in CORRESPONDENTS
    ]


def _last_names(row: Row) -> str:
    return f"{row['usage_name']} ({row['last_name']})" if row["usage_name"] else row["last_name"]


def activate_paul(deployment: Deployment) -> None:
    """Give Paul Moreau the account that step 3 and the preferences would have given him, both contacts proven."""
    store = DynamoStore(deployment.engine.client("dynamodb"))
    accounts = DynamoAccounts(Table(deployment.engine.client("dynamodb"), deployment.table(ACCOUNTS)))
    peppers = KmsMacs(deployment.engine.client("kms"), deployment.key("PepperKey"))
    account, now, texts = accounts.get(PAUL), int(time.time()), current_texts()
    if account is None:
        raise DeploymentError("the demo roster lacks Paul Moreau")
    mail, mobile = (
        Contact(Channel.EMAIL, account.beneficiary.roster.email),
        Contact(Channel.SMS, account.beneficiary.roster.mobile),
    )
    consent, decision = decide_consent(
        texts.consent,
        consents=True,
        text_version=texts.consent.version,
        session_id=DEMO_SESSION,
        structure_id=account.beneficiary.roster.structure_id,
        before=None,
        now=now,
    )
    terms, acceptance = accept_terms(texts.terms, version=texts.terms.version, session_id=DEMO_SESSION, now=now)
    record = protect(peppers, pepper(peppers, identifier=PAUL, password=PAULS_PASSWORD))
    active = replace(
        activate(account, contact=mail, password=record, now=now),
        proven={Channel.EMAIL: mail, Channel.SMS: mobile},
        channel=Channel.EMAIL,
        terms=terms,
        owner=replace(account.beneficiary, consent=consent),
    )
    store.commit(
        accounts.save(active),
        accounts.record_event(PAUL, Event(EventKind.ACTIVATED, now)),
        accounts.record_event(PAUL, Event(EventKind.SMS_PROVEN, now)),
        accounts.record_consent(account, decision),
        accounts.record_terms(PAUL, acceptance),
    )


def invite_correspondents(deployment: Deployment) -> None:
    """Write the demo correspondents as their invitations would have; those with a password have activated since."""
    for one in CORRESPONDENTS:
        _invite(deployment, one)


def _invite(deployment: Deployment, one: DemoCorrespondent) -> None:
    dynamodb, kms, now = deployment.engine.client("dynamodb"), deployment.engine.client("kms"), int(time.time())
    accounts, structures = (Table(dynamodb, deployment.table(spec)) for spec in (ACCOUNTS, STRUCTURES))
    ports, store = LinkPorts(DynamoAccounts(accounts), DynamoLinks(accounts, structures)), DynamoStore(dynamodb)
    key = mail_key(KmsMacs(kms, deployment.key("MailKey")), one.email)
    made = invited_account(
        Invitee(one.last_name, one.first_name, one.email), None, key=key, random=secrets.token_bytes, now=now
    )
    account = replace(made, identifier=one.identifier)
    for structure_id in one.structures:
        before = (account, ports.links.structures([structure_id])[structure_id])
        after = with_link(*before)
        store.commit(*save_link(ports, before, after))
        account = replace(after[0], version=after[0].version + 1)
    if one.password:
        peppers = KmsMacs(kms, deployment.key("PepperKey"))
        record = protect(peppers, pepper(peppers, identifier=one.identifier, password=one.password))
        terms, acceptance = accept_terms(
            current_texts().terms, version=current_texts().terms.version, session_id=DEMO_SESSION, now=now
        )
        active = activate(account, contact=Contact(Channel.EMAIL, one.email), password=record, now=now)
        store.commit(
            ports.accounts.save(replace(active, channel=Channel.EMAIL, terms=terms)),
            ports.accounts.record_event(one.identifier, Event(EventKind.ACTIVATED, now)),
            ports.accounts.record_terms(one.identifier, acceptance),
        )


def hire_agents(deployment: Deployment, folder: Path) -> tuple[DemoAgent, ...]:
    """Give each agent a key of their own and the right to call the help desk, nothing else."""
    return tuple(_hire(deployment, folder, name) for name in AGENTS)


def _hire(deployment: Deployment, folder: Path, name: str) -> DemoAgent:
    engine = deployment.engine
    iam = engine.client("iam")
    iam.create_user(UserName=name)
    (policy,) = deployment.of_type("AWS::IAM::ManagedPolicy")
    iam.attach_user_policy(UserName=name, PolicyArn=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    told = {
        "SUPPORT_URL": f"{engine.endpoint}{deployment.support_path}",
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_REGION": engine.region,
        "AWS_CA_BUNDLE": str(engine.certificate),
    }
    file = folder / f"{name}.env"
    file.touch(mode=0o600)
    file.write_text("".join(f"export {variable}={value}\n" for variable, value in told.items()))
    return DemoAgent(name, file)
