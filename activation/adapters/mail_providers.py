"""The mail providers that most people of the roster are at. Each has one filter for all of its domains."""

PROVIDERS = {
    "orange": ("orange.fr", "wanadoo.fr", "voila.fr"),
    "laposte": ("laposte.net",),
    "free": ("free.fr", "aliceadsl.fr", "libertysurf.fr"),
    "sfr": ("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr", "9online.fr"),
    "bouygues": ("bbox.fr",),
    "google": ("gmail.com",),
    "microsoft": ("hotmail.com", "hotmail.fr", "live.com", "live.fr", "msn.com", "outlook.com", "outlook.fr"),
    "yahoo": ("yahoo.com", "yahoo.fr", "ymail.com"),
}
"""The domains of each provider, by a name for metrics: the providers that people in France use in 2026."""

_BY_DOMAIN = {domain: name for name, domains in PROVIDERS.items() for domain in domains}


def provider_of(address: str) -> str:
    """The provider of a mail address; `other` for a domain outside the list, as a small domain may name its owner."""
    return _BY_DOMAIN.get(address.rpartition("@")[2].casefold(), "other")
