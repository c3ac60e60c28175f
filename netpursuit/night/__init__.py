"""The nightly batch: lists, then what is new in every feed, the link graph, checks, and an answer that says all of it.

It composes the use cases below it and adds no rule of its own about anybody. ``run.night`` runs one.
"""
