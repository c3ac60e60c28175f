"""Measuring: quality beside other matchers. Not part of the program; the data lie in a folder it is given."""
