"""What SES and SNS report of what they were given to deliver."""
