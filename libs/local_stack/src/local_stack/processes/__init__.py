"""Processes of one machine: started as an account, guarded, asked whether they serve, kept and ended."""
