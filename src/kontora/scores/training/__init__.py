"""Training: from people with outcomes to a model, measured so that nothing looks ahead."""
