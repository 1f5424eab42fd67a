"""Circle mentors: people who stand behind several circles, without being in them."""
