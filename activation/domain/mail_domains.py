"""Mail domains that people mistype, and the domain that they mean.

Only domains in which nobody has a mailbox: an ending that does not exist, or a misspelling of a large provider's name
that no other provider has. Domains that are somebody's, such as `laposte.fr`, `orange.com` or `gmx.com`, are not here.
An address in one is never refused. The front has the same table in `web/assets/mail-domains.js`.
"""

_MISSPELT = {
    "gmail.com": "gmial.com gmai.com gmal.com gmil.com gamil.com gmaill.com gmali.com gnail.com gimail.com"
    " gmail.con gmail.cm gmail.cmo gmail.co gmail.om gmail.comm gmail.fr gmail.f",
    "hotmail.com": "hotmai.com hotmal.com hotmial.com hotmil.com hotmaill.com hotamil.com homail.com"
    " hotmail.con hotmail.cm hotmail.cmo hotmail.om hotmail.comm",
    "hotmail.fr": "hotmai.fr hotmal.fr hotmial.fr hotmil.fr hotmaill.fr hotamil.fr homail.fr"
    " hotmail.f hotmail.ff hotmail.rf",
    "icloud.com": "iclou.com iclud.com icoud.com icloud.con icloud.fr",
    "laposte.net": "lapost.net lapsote.net laposte.ne laposte.ent laposte.nett laposte.bet",
    "live.fr": "live.f live.ff live.rf",
    "orange.fr": "orang.fr ornage.fr oragne.fr orangr.fr orange.f orange.ff orange.rf",
    "outlook.com": "outlok.com oulook.com outloock.com outlook.con outlook.comm",
    "outlook.fr": "outlok.fr oulook.fr outloock.fr outlook.f outlook.ff outlook.rf",
    "sfr.fr": "sfr.f sfr.ff sfr.rf",
    "free.fr": "free.f free.ff free.rf frree.fr",
    "wanadoo.fr": "wanado.fr wandoo.fr wanaddo.fr wanadou.fr wanadoo.f wanadoo.ff wanadoo.rf",
    "yahoo.com": "yaho.com yahooo.com yhaoo.com yahoo.con yahoo.comm",
    "yahoo.fr": "yaho.fr yahooo.fr yhaoo.fr yahoo.f yahoo.ff yahoo.rf",
}

MISSPELT_DOMAINS = {wrong: meant for meant, misspelt in _MISSPELT.items() for wrong in misspelt.split()}
"""The domain that is meant, by the domain that people type in its place."""


def meant_domain(address: str) -> str:
    """The domain that a mail address surely means in place of its own; empty for nearly all addresses."""
    return MISSPELT_DOMAINS.get(address.rpartition("@")[2].casefold(), "")
