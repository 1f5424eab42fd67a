"""Looking things up: the library's articles, in the chat."""
