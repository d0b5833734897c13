"""What the edge (CloudFront, or the local run's) passes on of a visitor's request. Never `Host`, never what it was
told about the visitor's address."""

PASSED_HEADERS = ("Content-Type", "Cookie", "Origin", "Sec-Fetch-Site", "X-Correlation-Id", "X-Flow")
