"""The premium voice: asked for, paid for, settled."""
