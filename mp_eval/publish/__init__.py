"""Publish: pages made of executed notebooks, gates passed, a release put in its place. It knows no resident."""
