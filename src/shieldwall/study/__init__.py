"""Many runs: compare them on the same luck."""
