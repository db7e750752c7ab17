"""The ledger: budgets, reservations and the rules between them."""
