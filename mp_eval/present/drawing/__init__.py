"""How every figure is drawn: a chart is a list of shapes on a sheet, painted as SVG and as PNG.

A chart kind is a function of the width of its sheet, so that a page and a phone each get a layout of their own. Meaning
never hangs on colour alone: bars carry their number, lines their name, points their label.
"""
