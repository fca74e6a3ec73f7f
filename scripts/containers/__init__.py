"""`make verify-containers`: what docker/ holds is built, brought up, used, broken, rolled and restored."""
