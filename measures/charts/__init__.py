"""Trend charts: one pure description, drawn as our own SVG, a sparkline or a Plotly figure.

No Django. Callers build a Chart with `description.build` and hand it to `svg.svg`,
`spark.sparkline` and `plotly.figure`, several to `multiples.multiples` or `panels.panels`;
`legend.keys` and `legend.mark_keys` say what its shapes and numbers mean.
"""
