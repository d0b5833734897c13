"""One file per port: how the rules reach AWS."""
