"""netpursuit finds wanted people in new registrations and shows how they connect."""

__version__ = "0.1.0"
