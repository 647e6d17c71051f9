"""Who somebody is: password, second factor, sessions, and how guessing is slowed down."""
