"""The acts of a visitor on a page, as data: the browser tests play them, and so does the gallery's script."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fill:
    """Type into the field of that id."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Tick the radio button or the box of that id."""

    field: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Choose a file of that name and so many bytes in the field of that id."""

    field: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Press:
    """Press the button of that name."""

    button: str


@dataclass(frozen=True, slots=True)
class Unfold:
    """Open every part of the page that unfolds."""


@dataclass(frozen=True, slots=True)
class LoseNetwork:
    """From now on no address can be reached."""


Act = Fill | Choose | Attach | Press | Unfold | LoseNetwork


def as_data(act: Act) -> dict[str, str | int]:
    """The act for the gallery's script: its name under `act`, beside its own data."""
    return {"act": type(act).__name__, **asdict(act)}
