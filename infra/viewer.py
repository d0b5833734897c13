"""What the edge (CloudFront, or the local run's) does to a visitor's request and to the answer.

Of a request it never passes on `Host`, nor anything that a visitor says about their own address.
"""

PASSED_HEADERS = ("Content-Type", "Cookie", "Origin", "Sec-Fetch-Site", "X-Correlation-Id", "X-Flow", "X-Session")

INDEXED_PAGES = frozenset(
    {
        "/index.html",
        "/accessibilite.html",
        "/conditions-generales.html",
        "/contact.html",
        "/cookies.html",
        "/donnees-personnelles.html",
        "/mentions-legales.html",
        "/plan-du-site.html",
    }
)
"""The pages that search engines may show; the others are steps of somebody's own way."""

NOT_INDEXED = ("X-Robots-Tag", "noindex")

ASSETS = "/assets/"
"""Where the front's assets lie, in a folder for each version of them."""

KEPT_FOR_GOOD = ("Cache-Control", "public, max-age=31536000, immutable")
"""What assets are sent with: each version has a name of its own, so a browser that has it never asks again.

With `no-cache`, as pages are sent, an activation made 90 requests, each a round trip and each paid to CloudFront and to
its firewall; now it makes half as many.
"""
