"""The consultation log: intents and outcomes as salted leaves of a signed Merkle tree; receipts of runs."""
