"""What to buy, when, by whom: responses from the simulator, an integer program, and proof of the plan twice."""
