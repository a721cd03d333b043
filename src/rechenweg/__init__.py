"""Rechenweg sets, works out and marks deep-learning exams.

No answer is typed in: a deep-learning library computes every answer and writes out how it got there.
Therefore it can also draw a new version for every candidate and follow a wrong value through the rest.
The rooms of the house, each using only those above it: `numbers`, `nn`, `working`, `learning`, `questions`,
`bank`, `exams`, `marking`, `paper`; then the command line, `cli`.
"""

__version__ = "0.1.0"
