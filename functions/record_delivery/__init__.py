"""Records the delivery reports of SES and SNS."""
