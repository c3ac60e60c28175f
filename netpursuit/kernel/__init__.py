"""The hot loops, as NumPy. Called only by ``index`` and ``evidence``; whole columns in, whole columns out."""
