"""The six questions of tum-2024, problem 4, by topic, and the networks that they are computed on."""
