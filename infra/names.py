"""How construct ids are made of the product's names."""


def pascal(name: str) -> str:
    """`start_activation` → `StartActivation`."""
    return "".join(part.capitalize() for part in name.split("_"))
