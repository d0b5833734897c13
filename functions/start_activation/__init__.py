"""Step 1: opens a flow, and sends its code again."""
