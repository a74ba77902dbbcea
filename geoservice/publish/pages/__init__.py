"""Pages for people: the documents and features that machines get, as HTML in both languages.

Persian first and English beside it, on one page. Everything a page needs comes with it: no
address of another host is in it but as text.
"""
