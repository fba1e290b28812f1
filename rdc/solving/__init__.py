"""Goals and a sample -> verified transforms and expectations, through every phase of the compiler."""
