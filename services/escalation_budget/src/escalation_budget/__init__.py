"""Decides, before it is spent, whether there is money for the premium voice."""
