"""How WhatsApp writes its exports: headers, clock, wordings, bodies."""
