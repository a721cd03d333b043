"""tum-2024: Introduction to Deep Learning (IN2346), TU München, 13 February 2024."""
