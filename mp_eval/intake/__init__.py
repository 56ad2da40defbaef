"""Intake: a delivery as it came, to typed tables. read -> correct -> check -> clean."""
