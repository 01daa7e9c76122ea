"""Trend charts: one pure description, drawn as our own SVG, a sparkline or a Plotly figure.

Standard library only. Callers build a Chart with `description.build` and hand it to
`svg.svg`, `spark.sparkline` and `plotly.figure`.
"""
