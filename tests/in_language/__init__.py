"""`pytest --language zh_CN`: the whole suite while the program speaks another language.

The tests say in English what they expect. So all that the program says in the other language is noted with the English of the
same facts (`notes`), also by the programs that tests start (`child`), and a comparison of a test that does not hold as it
stands is made again with that in its place (`comparisons`). Layouts, orders, searches, columns, what is cut and what is read
aloud are those of the language. What is about English itself has the mark `english`, and is run in English.
"""
