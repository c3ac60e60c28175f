"""Batches on a Spark cluster: the driver keeps the one truth, executors read and match rows.

``engine`` and ``session`` run on the driver, ``executor`` on the executors, ``shipping`` on both; ``app`` is what
``spark-submit`` is given. PySpark is loaded where this engine is used and nowhere else (``docs/spark.md``).
"""
