"""The demo: the whole line at work on one machine, watched from outside through `kontora.client`."""

from kontora.demo.run import Wishes, run_demo

__all__ = ["Wishes", "run_demo"]
