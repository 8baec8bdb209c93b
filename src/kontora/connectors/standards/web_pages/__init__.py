"""Reading a bank's web pages without a browser: forms as they are sent, fields as they are described."""
