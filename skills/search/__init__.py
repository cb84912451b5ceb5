"""Finding a skill; today by words, the place of embeddings is beside query.py."""
