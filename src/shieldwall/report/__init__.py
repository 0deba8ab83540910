"""The document that goes round: figures, words, one self-contained HTML page or a PDF."""
