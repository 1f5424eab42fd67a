"""Learning alone, at one's own pace: trainings with a certificate, and short preparations."""
