"""Evidence into a posterior and a band: the prior, the sum, the cap of A6."""

from netpursuit.scoring.posterior import Scores, probability_of, score

__all__ = ["Scores", "probability_of", "score"]
