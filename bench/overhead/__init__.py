"""What error tracking costs an application: without, with the stock SDK, and with goimg's, in one interleaved run."""
