"""What a machine can know, each check in a function that takes the scope of the run and returns a finding."""
