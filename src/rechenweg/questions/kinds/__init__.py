"""The kinds of answer, one family per file: choice, values (numbers to formulas), assigning, written, steps."""
