"""The local stack: all of Callwright as processes on one machine."""
