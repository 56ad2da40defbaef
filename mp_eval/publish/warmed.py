"""What the work of a run imports of other libraries, beyond what our modules bring: made by benchmarks/warmed.py.

They are imported once, before the forks, and may be private to their library: one that is gone costs warmth alone.
"""

EVALUATION = (
    "encodings.cp1252",
    "encodings.cp437",
    "encodings.utf_8_sig",
    "pandas.core.arrays.arrow._arrow_utils",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.csvs",
)
NOTEBOOKS = (
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.utils.wildcard",
    "bdb",
    "resource",
    "tornado.platform",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)
PAGES = (
    "IPython.lib.lexers",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.JpegPresets",
    "PIL.PpmImagePlugin",
    "ipython_pygments_lexers",
    "pygments.lexers._css_builtins",
    "pygments.lexers._lilypond_builtins",
    "pygments.lexers._scheme_builtins",
    "pygments.lexers.css",
    "pygments.lexers.data",
    "pygments.lexers.html",
    "pygments.lexers.javascript",
    "pygments.lexers.jvm",
    "pygments.lexers.lilypond",
    "pygments.lexers.lisp",
    "pygments.lexers.markup",
    "pygments.lexers.perl",
    "pygments.lexers.ruby",
    "pygments.lexers.shell",
)
