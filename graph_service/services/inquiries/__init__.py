"""Questions as they are declared for those who ask them."""
