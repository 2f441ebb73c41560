"""`report.html`: one file that shows a result, without network, on a desk or a phone, light or dark.

Python computes what is shown, `templates/` say how it stands on the page, `style.css` and `script.js` are put into it.
Without JavaScript everything but the two long tables is there.
"""

from __future__ import annotations

from lab.reporting.html.page import render

__all__ = ["render"]
