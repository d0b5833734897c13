"""MiniStack: AWS on this machine, for one run, and deleted afterwards."""

import datetime as dt
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from random import SystemRandom
from typing import Any

import boto3
import urllib3
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_START_SECONDS = 30
_ANSWER_SECONDS = 120
_SETTINGS = {
    "BIND_HOST": "127.0.0.1",
    "MINISTACK_HOST": "127.0.0.1",  # in the addresses that it returns
    "AUTH": "true",  # the roles of the template are enforced
    "USE_SSL": "1",  # policies that ask for TLS hold
    "IOT_MTLS_ENABLED": "0",  # it would open a public port
    "LAMBDA_ACCOUNT_CONCURRENCY": "64",
    "LAMBDA_WARM_TTL_SECONDS": "30",
    "LOG_LEVEL": "WARNING",  # below that it writes out every SMS
}
_OUTWARD = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
ACCOUNT = "000000000000"
_CERTIFICATE_LIFE = dt.timedelta(days=30)
_PORTS = range(20_000, 32_768)
"""Below those that the system gives to outgoing connections."""
_CHANCE = SystemRandom()


class EngineError(Exception):
    """MiniStack did not start."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A running MiniStack: where it listens, the certificate to trust, and clients for it."""

    port: int
    certificate: Path
    region: str

    @property
    def endpoint(self) -> str:
        """The URL for its clients."""
        return f"https://127.0.0.1:{self.port}"

    def client(self, service: str, *, account: str = ACCOUNT) -> Any:
        """The client with the rights of an account's root user; accounts share nothing."""
        return _client(self, service, account)

    def pool(self, size: int) -> urllib3.HTTPSConnectionPool:
        """Plain https connections to it, at most `size` at once."""
        return urllib3.HTTPSConnectionPool(
            "127.0.0.1", self.port, ca_certs=str(self.certificate), maxsize=size, block=True, retries=False
        )


@cache
def _client(engine: Engine, service: str, account: str) -> Any:
    session = boto3.session.Session(account, "any", region_name=engine.region)  # the account's id is its root's key
    config = Config(
        proxies={}, retries={"total_max_attempts": 1}, read_timeout=_ANSWER_SECONDS, max_pool_connections=64
    )
    return session.client(service, endpoint_url=engine.endpoint, verify=str(engine.certificate), config=config)  # type: ignore[call-overload]  # any service


def forget_the_outside() -> None:
    """Remove from this process everything that leads AWS clients elsewhere: profiles, keys, endpoints, proxies."""
    for name in os.environ.keys() - _inward_environment().keys():
        del os.environ[name]


def _inward_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_OUTWARD)}


@contextmanager
def engine(folder: Path, *, region: str) -> Iterator[Engine]:
    """Run MiniStack with its files in `folder`; it and its files are gone afterwards, however this process ends."""
    certificate, key = folder / "engine.crt", folder / "engine.key"
    write_certificate(certificate, key)
    running = Engine(free_port(), certificate, region)
    settings = {
        "GATEWAY_PORT": str(running.port),
        "MINISTACK_REGION": region,
        "MINISTACK_SSL_CERT": str(certificate),
        "MINISTACK_SSL_KEY": str(key),
        "TMPDIR": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "local.ministack_process"],
        stdin=subprocess.PIPE,  # if we are killed, its end tells MiniStack to stop
        env={**_inward_environment(), **_SETTINGS, **settings},
        start_new_session=True,  # a terminal's Ctrl-C stops us, and we stop it
    )
    try:
        _await(running, process)
        yield running
    finally:
        # MiniStack and the functions that it runs; none has anything worth a slower end.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await(engine: Engine, process: subprocess.Popen[bytes]) -> None:
    pool = engine.pool(1)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise EngineError(f"MiniStack ended with status {process.returncode}")
        try:
            if pool.request("GET", "/_ministack/health").status == HTTPStatus.OK:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise EngineError(f"MiniStack did not answer within {_START_SECONDS} s")


def free_port() -> int:
    """A free port of this machine, outside of those that the system gives to outgoing connections."""
    while True:
        port = _CHANCE.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def write_certificate(certificate: Path, key: Path) -> None:
    """Write a new key and its self-signed certificate for 127.0.0.1."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "MiniStack on this machine")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + _CERTIFICATE_LIFE)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private_key, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(
        private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
