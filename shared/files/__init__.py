"""Files that people send in: stored, checked by their bytes, scanned, and given out again.

Bytes go to a storage first, in pieces; the row in the commit of its owner makes the file real.
`Files` (service.py) is what a service uses; docs/adr says why it is built so.
"""
