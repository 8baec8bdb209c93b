"""Statement PDFs: from bytes to exact data or a stated refusal, with the evidence; pure, no network."""
