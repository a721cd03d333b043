"""The kinds of question: each draws a version from a seed, asks, answers with its working, reads a
candidate's answer and marks it.
"""
