"""What the agents share to speak and to book, and the scheduler, who books."""
