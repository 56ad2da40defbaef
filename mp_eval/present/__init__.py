"""Present: protected measures as tables, figures and sentences, in the reader's language. It computes no measure."""
