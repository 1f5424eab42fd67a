"""The exact texts of guides that groups follow, kept so that a group ends as it began. Knows no group."""
