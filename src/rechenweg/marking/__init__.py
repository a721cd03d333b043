"""Pure functions from (answers, questions, rules) to marks with reasons: follow-through, slips, half
credits, grades and item statistics.
"""
