"""A function's start: nothing that it makes is garbage, so nobody looks for any. Looking is a tenth of a cold start."""

import gc


def pause() -> None:
    """Hold the garbage collector until `end`."""
    gc.disable()


def resume() -> None:
    """Have garbage looked for from now on, but not among what there is: that stays. The second time it does nothing."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
