"""Images: upload, process, store, find and serve them."""
