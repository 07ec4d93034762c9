"""`tierwise route`: what the classifier decides, without sending anything."""
