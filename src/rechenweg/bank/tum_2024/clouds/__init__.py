"""The four questions of tum-2024, problem 8, by topic, and the clouds that they are about."""
