"""The verbs of a sale. Each calls the database and the terminals; none holds a rule of its own."""
