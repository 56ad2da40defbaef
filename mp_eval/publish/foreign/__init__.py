"""What others wrote, made fit for a page of the site or refused: markup, tables, styles, formulas, terminals' text."""
