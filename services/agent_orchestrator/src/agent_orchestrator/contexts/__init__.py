"""What is known of a call between its turns."""
