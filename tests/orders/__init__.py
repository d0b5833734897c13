"""Every order of events: the functions' own handlers, handed from one to the other between any two calls to AWS."""
