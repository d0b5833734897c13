"""Every screen in every state, as data: the gallery of the local run shows them, the browser tests check them."""
