"""What values are as bytes: files, figures, tables, arrays, pictures, texts, models."""
