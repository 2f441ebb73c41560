"""The formats, a module each: `TITLE`, `recognises` a file by its first bytes, and `image` reads it.

`image(path, content)` raises ValueError with what is wrong, to follow the file's name.
"""
