"""Certificates of trainings as pages: for the screen, and for one sheet of paper."""
