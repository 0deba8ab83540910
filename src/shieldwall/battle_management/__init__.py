"""Battle management: who decides, when, and which weapon takes which threat."""
