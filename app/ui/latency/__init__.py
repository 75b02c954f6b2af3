"""How long answers take: the chart and its table."""
