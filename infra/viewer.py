"""What the edge (CloudFront, or the local run's) passes on of a visitor's request.

Never `Host`, and nothing that a visitor says about their own address.
"""

PASSED_HEADERS = ("Content-Type", "Cookie", "Origin", "Sec-Fetch-Site", "X-Correlation-Id", "X-Flow")
