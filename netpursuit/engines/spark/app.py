"""``netpursuit`` as an application: ``spark-submit [OPTIONS] app.py screen FILE --feed FEED.toml --engine spark``."""

import runpy
import sys

if __name__ == "__main__":
    del sys.path[0]  # the folder of this file: its modules are none of the top level
    runpy.run_module("netpursuit", run_name="__main__", alter_sys=True)
