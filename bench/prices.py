"""List prices in eu-west-3 (Paris), without free tiers, in US dollars; each with where it is from and as of when."""

from dataclasses import dataclass

_LIST = "AWS price list, 2026-09-07"
_MEMORY = "memory, to be checked"


@dataclass(frozen=True, slots=True)
class Price:
    """`dollars` for a million of `unit`, unless the unit says otherwise."""

    dollars: float
    unit: str
    source: str


WRITE = Price(0.7423, "write request units", _LIST)
READ = Price(0.1487, "read request units", _LIST)
INVOCATION = Price(0.20, "invocations", _LIST)
GB_SECOND = Price(13.3334, "GB-seconds, arm64", _LIST)
API_CALL = Price(3.70, "REST API calls", _MEMORY)
MAC = Price(3.00, "KMS requests", "KMS pricing page: 0.03 for 10,000 everywhere")
LOG_GB = Price(0.5985, "GB taken in (one)", _MEMORY)
TRACE = Price(5.00, "traces recorded", "X-Ray pricing page: alike everywhere")
REPORT = Price(0.50, "SNS publications", _LIST)
FIREWALL = Price(0.60, "requests inspected, each firewall", "WAF pricing page: alike everywhere")
EDGE = Price(1.20, "HTTPS requests at CloudFront, Europe", _MEMORY)
EDGE_GB = Price(0.085, "GB out of CloudFront, Europe (one)", _MEMORY)
EDGE_FUNCTION = Price(0.10, "CloudFront Function invocations", "CloudFront pricing page: alike everywhere")
MAIL = Price(100, "mails", "SES pricing page: 0.10 for 1,000")
SMS = Price(77_500, "SMS to France", _MEMORY)

COGNITO_SOURCE = "Cognito pricing page, 2026-09-20"
COGNITO_LITE = ((10_000, 0.0), (90_000, 0.0055), (900_000, 0.0046))
"""Users active in a month, with the price of each: the first 10,000 are free."""
COGNITO_ESSENTIALS = ((10_000, 0.0), (990_000, 0.015))
