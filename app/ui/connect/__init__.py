"""How a phone reaches this computer: addresses, the code to scan, and what to try when it does not."""
