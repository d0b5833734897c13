"""The worker on the outbox: finds the recipient of a message, and sends it by SES or SNS."""
