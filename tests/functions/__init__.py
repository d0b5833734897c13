"""Gateway event → lambda_handler → moto."""
