"""How good and how fast completion is: offline quality and the engine benchmark."""
