"""Pure functions from (answers, questions, rules) to marks with reasons; reading answer files; simulated candidates;
proof-reading printed keys.
"""
