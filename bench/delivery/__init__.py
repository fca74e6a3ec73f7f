"""What an outage costs a request, and what arrives after it: the stock SDK and goimg side by side."""
