"""How well a lead qualifies: the facts in what was said, the questions still open, and the score."""
