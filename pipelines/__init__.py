"""Candour's stages, one package each, in the order data flows:

intake > deidentify > classify > staging > validate > warehouse > release > report
"""
