// 责任已落实 — Whether one of the terms is valid on the day and its holder is still in office.
// Needs terms (as in helper_terms and village_terms), $asOf.
any(term IN terms WHERE term.until >= $asOf AND (term.lapsed_on IS NULL OR term.lapsed_on > $asOf))
