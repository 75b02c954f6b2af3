"""The cascade played against tables of providers: who says what, how sure, how late, and whether it is right.

``tables.py`` draws the tables, ``players.py`` are the providers that play them, ``course.py`` sends frames down the
real cascade on virtual time, ``figures.py`` counts what became of them. Nothing in ``app`` may know a table.
"""
