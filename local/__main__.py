"""`make run`: the whole product on this machine, until Ctrl-C or SIGTERM."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

from activation.config import LIMIT_NAMES, ConfigurationError, read_limits
from local import demo
from local.deployment import DeploymentError
from local.engine import EngineError, forget_the_outside
from local.orders import UsageError, read_port
from local.product import Product, listener_on, product, serve

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Read the environment, start everything, serve."""
    _when_told_to_stop(sys.exit)
    forget_the_outside()
    try:
        limits = _limits()
        with (
            listener_on(read_port(os.environ)) as listener,
            product(listener, limits=limits, write_log=_print) as running,
        ):
            _print(_banner(running))
            asyncio.run(_serve(running))
    except UsageError as error:
        sys.exit(f"erreur : {error}")
    except (ConfigurationError, DeploymentError, EngineError) as error:
        sys.exit(f"error: {error}")


def _when_told_to_stop(act: Callable[[], object]) -> None:
    """Act on the first signal only: make passes on signals of its group, and a second must not stop the shutdown."""

    def handle(*_: object) -> None:
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        act()

    for number in _STOP_SIGNALS:
        signal.signal(number, handle)


def _limits() -> dict[str, str]:
    """The limits that the environment overrides. Raises ConfigurationError."""
    limits = {name: os.environ[name] for name in LIMIT_NAMES if name in os.environ}
    read_limits({"STAGE": "local", **limits})
    return limits


async def _serve(running: Product) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    _when_told_to_stop(lambda: loop.call_soon_threadsafe(stop.set))
    await serve(running, stop)


def _print(line: str) -> None:
    print(line, flush=True)


def _banner(running: Product) -> str:
    return "\n".join(
        (
            "",
            f"  Le service :           {running.address}",
            f"  Les messages envoyés : {running.address}/inbox",
            "",
            "  Personnes d'essai (identifiant, nom, contacts) :",
            *(f"    {line}" for line in demo.described()),
            "",
            f"  Demandes d'essai de Paul Moreau ({demo.PAUL}, mot de passe {demo.PAULS_PASSWORD}) :",
            *(f"    {line}" for line in running.requests),
            "",
            "  Correspondants d'essai :",
            *(f"    {line}" for line in demo.described_correspondents()),
            "",
            "  Le service d'assistance, dans un autre terminal (deux agents d'essai) :",
            *(
                f"    (. {agent.file}; .venv/bin/python -m support_cli find {demo.PAUL})  # {agent.name}"
                for agent in running.agents
            ),
            "",
        )
    )


if __name__ == "__main__":
    main()
