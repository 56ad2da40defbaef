"""mp-eval: a reproducible evaluation of a municipality's social participation programme.

Deliveries go in one way: `intake` -> `measures` -> `reconcile` -> `disclosure` -> `present` -> `publish`.
ARCHITECTURE.md draws the house; `mp_eval.cli` is its front door.
"""

__version__ = "0.1.0"
