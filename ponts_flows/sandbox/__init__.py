"""A small Google Workspace on 127.0.0.1: Forms, Sheets, Gmail, Drive and the token endpoint, with pages for people.

It speaks the services' own REST protocol, so that the real clients run unchanged against it. It knows
Google and not mentoring: nothing here imports the rest of the library.
"""
