"""The only place where models are called: claims, budgets, breaker, quota, output guard."""
