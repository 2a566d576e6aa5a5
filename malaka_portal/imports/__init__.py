"""Spreadsheets in: read, matched, checked, saved all or nothing, and taken back.

A kind of file is one class (`kinds.Kind`); apps register theirs. Nothing here knows any of them.
"""
