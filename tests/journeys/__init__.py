"""The deployed product, over HTTP, as a front drives it."""
