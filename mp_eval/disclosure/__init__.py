"""Disclosure: what may leave the library. Everything that a notebook sees has passed through `protect`."""
