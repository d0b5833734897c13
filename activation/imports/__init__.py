"""Taking in what a roster says: read, judge and compare it, apply it, take it back. For whichever function does it."""
