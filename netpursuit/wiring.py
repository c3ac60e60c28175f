"""The composition root: the only module that names a concrete adapter."""
