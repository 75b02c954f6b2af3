"""What this computer sees in a picture, with no key and no network: three small models, and few, plain words.

``models`` loads them, ``looking`` looks (in the reader's child process), ``statements`` says what of it is certain
enough, ``phrases`` puts that into a person's words.
"""
