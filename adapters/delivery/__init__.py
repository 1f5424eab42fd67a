"""Delivery: sends what the outbox holds, one workspace at a time, at its platform's pace. Decides no words."""
