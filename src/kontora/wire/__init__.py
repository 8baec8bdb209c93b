"""How the model is written for clients: XML and JSON, pure functions from frozen data to bytes."""
