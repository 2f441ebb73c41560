"""The recipe of normal states at work: closed-form statistics, written as one operator."""
