"""Pauses Python's garbage collector while a function starts: there is nothing to collect yet (docs/adr/0027).

Collecting during the start takes a tenth of a cold start.
"""

import gc


def pause() -> None:
    """Turn the garbage collector off until `resume`."""
    gc.disable()


def resume() -> None:
    """Turn the garbage collector on again, if `pause` turned it off; a second call does nothing.

    Objects that exist by now are never collected: the function needs them as long as it lives.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
