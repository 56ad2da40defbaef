"""What each chapter shows: its answer, tables and figures, as its notebook asks for them."""
