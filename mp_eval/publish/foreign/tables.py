"""Tables that others made, as who hears a page reads them: headers say of what, and none is empty.

Those of pandas say so nowhere. A Styler numbers its tables at random; here they are numbered from the top of the page,
so the same notebook gives the same bytes.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ...present.wording import word

STYLER = re.compile(r"T_[0-9a-f]+")
PANDAS = "dataframe"
OLD = ("border", "halign", "valign")  # how pandas says that its tables look
NUMBER = re.compile(r"[-+−]?[\d.,]+(?:e[-+]?\d+)?%?|nan|NaN|<NA>", re.IGNORECASE)
SIZE = re.compile(r"([\d.,]+) rows × ([\d.,]+) columns")
WIDE = 6  # columns from which a table may be wider than a page


def make_readable(tree: LexborHTMLParser, count: int) -> int:
    """Change the tables in an output; `count` is how many of a Styler stood above, and with these is returned."""
    for table in tree.css("table"):
        for th in table.css("th"):
            if not (th.text() or "").strip() and not th.css("img"):
                _empty(tree, th)
            elif not th.attributes.get("scope"):
                th.attrs["scope"] = _scope(table, th)
        name = table.attributes.get("id") or ""
        is_styler = bool(STYLER.fullmatch(name))
        if is_styler:
            count += 1
            _rename(tree, name, f"T{count}")
        if is_styler or PANDAS in (table.attributes.get("class") or "").split():
            _as_ours(table)
    return count


def _empty(tree: LexborHTMLParser, th: LexborNode) -> None:
    """A header without a word names nothing: it is a cell."""
    td = tree.create_node("td")
    for name, value in th.attributes.items():
        if name != "scope":
            td.attrs[name] = value or ""
    th.replace_with(td)


def _scope(table: LexborNode, th: LexborNode) -> str:
    """Of what a header is: what follows in its row, or what stands below it."""
    row = th.parent
    group = row.parent if row is not None else None
    is_head = group is not None and group.tag == "thead"
    if not is_head and row is not None and not table.css("thead"):
        cells = row.css("th, td")
        is_head = row.mem_id == table.css("tr")[0].mem_id and all(
            cell.tag == "th" or not cell.text().strip() for cell in cells
        )
    several = "colspan" if is_head else "rowspan"
    group_of = "group" if int(th.attributes.get(several) or 1) > 1 else ""
    return f"{'col' if is_head else 'row'}{group_of}"


def _rename(tree: LexborHTMLParser, old: str, new: str) -> None:
    """Another id for a table, its cells, and what its style sheet says of them."""
    for node in tree.css(f'[id^="{old}"]'):
        node.attrs["id"] = new + (node.attributes["id"] or "")[len(old) :]
    for node in tree.css(f'[headers*="{old}"]'):
        node.attrs["headers"] = (node.attributes["headers"] or "").replace(old, new)
    for sheet in tree.css("style"):
        sheet.inner_html = sheet.text().replace(f"#{old}", f"#{new}")


def _as_ours(table: LexborNode) -> None:
    """The looks of all tables, numbers to the right, and what pandas says below it in Dutch."""
    for node in (table, *table.css("tr, th, td")):
        for name in OLD:
            if name in node.attributes:
                del node.attrs[name]
    for row in table.css("thead tr[style]"):
        del row.attrs["style"]
    body = [row.css("th, td") for row in table.css("tbody tr")]
    width = max(map(len, body), default=0)
    columns = [[row[len(row) - n] for row in body if len(row) >= n] for n in range(1, width + 1)]  # from the right
    heads = [head for head in (row.css("th, td") for row in table.css("thead tr")) if len(head) == width]
    for n, column in enumerate(columns, 1):
        cells = [cell for cell in column if cell.tag == "td"]
        if cells and all(NUMBER.fullmatch(cell.text().strip()) or not cell.text().strip() for cell in cells):
            for cell in (*cells, *(head[width - n] for head in heads)):
                cell.attrs["class"] = " ".join(filter(None, (cell.attributes.get("class"), "number")))
    box = table.parent
    if box is not None and box.tag == "div" and "class" not in box.attributes:
        box.attrs["class"] = "table"
        if width > WIDE:
            box.attrs["role"], box.attrs["tabindex"] = "region", "0"
            box.attrs["aria-label"] = word("unfit", "table")
        for note in box.css("p"):
            if size := SIZE.fullmatch(note.text().strip()):
                note.inner_html = word("unfit", "size").format(rows=size[1], columns=size[2])
