"""Questions with known answers for forecasts, explanations, questions and SQL."""
