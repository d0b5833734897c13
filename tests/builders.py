"""People and rows for tests: the demo roster's."""

_STRUCTURE = {
    "structure_id": "S1",
    "structure_name": "Mairie de Mondomaine",
    "correspondent_name": "Claire Fontaine",
    "correspondent_email": "correspondant@mondomaine.com",
    "correspondent_phone": "01 23 45 67 89",
}


def row(identifier: str, last_name: str, first_name: str, **more: str) -> dict[str, str]:
    """A roster row of the demo structure."""
    return {"identifier": identifier, "last_name": last_name, "first_name": first_name, **_STRUCTURE, **more}


ROSTER = [
    row("10000001", "Garcia", "Louis", email="louis.garcia@mondomaine.com", mobile="0612345678"),
    row("10000002", "N'Diaye", "Awa", mobile="0623456789"),
    row("10000003", "Le Goff", "Yann"),
    row("10000004", "D’Almeida-Cœur", "Inès", email="ines@mondomaine.com"),
    row("10000005", "Saint-Martin", "Rose", usage_name="Petit", email="rose@mondomaine.com", mobile="0692123456"),
]

PASSWORD = "Girafe-Brumeuse-1987-quai"
