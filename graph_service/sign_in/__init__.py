"""Sign-in over HTTP: who sends a request, by session, token or API key; and the pages of the sign-in."""
