"""Long proofs: each tries very often to break one promise, and breaks it with a planted fault to show that it could."""
