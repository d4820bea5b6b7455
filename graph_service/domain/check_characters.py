"""Check characters of numbers: of ID documents (GB 11643, ISO 7064 MOD 11-2), of unified social credit codes (GB 32100)."""

from __future__ import annotations

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a credit code by their values: letters that resemble digits are left out."""


def document_check_character(digits: str) -> str:
    """Return the check character of the digits of an ID document: "X" stands for 10."""
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    value = (1 - remainder) % 11
    return "X" if value == 10 else str(value)


def credit_code_check_character(code: str) -> str:
    """Return the check character of the first 17 characters of a credit code, weighted with the powers of 3. Raises `ValueError` for a
    character that no code has."""
    base = len(CREDIT_CODE_ALPHABET)
    total = sum(
        CREDIT_CODE_ALPHABET.index(character) * pow(3, position, base) for position, character in enumerate(code)
    )
    return CREDIT_CODE_ALPHABET[-total % base]
