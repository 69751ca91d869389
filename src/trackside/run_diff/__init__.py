"""What two runs differ in: their params, metrics, code, data, environment and notebook."""
