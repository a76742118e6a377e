"""Where symbols stand: placed symbols, systems, measures and parts."""
