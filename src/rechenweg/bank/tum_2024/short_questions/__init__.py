"""The eight questions of tum-2024, problem 2, by topic, and what their answers are computed on."""
