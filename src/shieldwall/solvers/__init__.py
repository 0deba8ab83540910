"""Pure optimisation, nothing military inside the methods: weapon-target assignment with proven bounds."""
