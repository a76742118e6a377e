"""Release weights: *.safetensors, each with a card (*.md) of the same name."""
