"""The GraphQL API: types derived from the model, a compiler of selections, an encoder of answers, the view."""
