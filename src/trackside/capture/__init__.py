"""What a run is made of, found without being told: params, metrics, secrets to leave out, environment."""
