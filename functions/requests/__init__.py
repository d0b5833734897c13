"""The requests of the person signed in, and the verification of documents by anybody."""
