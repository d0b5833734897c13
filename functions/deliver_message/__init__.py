"""The worker on the outbox: matches, sends by SES or SNS."""
