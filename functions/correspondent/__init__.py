"""What correspondents see and change: the people whom they declared, and the files that they send."""
