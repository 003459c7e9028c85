"""Measurements: side by side, in one run, as ratios. No test waits for them and none depends on their figures."""
