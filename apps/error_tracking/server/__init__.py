"""What gunicorn needs to be told, so that errors of the server itself are reported and logged like all others."""
