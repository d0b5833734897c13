"""The public front: one page per screen, small modules, one stylesheet."""
