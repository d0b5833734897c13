"""Names that the stacks and those who use them share."""

ALIAS = "live"
"""The alias of each function: everything calls it, and a new version takes over behind it."""


def pascal(name: str) -> str:
    """`start_activation` → `StartActivation`."""
    return "".join(part.capitalize() for part in name.split("_"))
