// 责任已落实 — Whether one of the terms in rows is valid on the day and its holder is still in office.
// Terms are [last day, holder, gone on, ...], as in helper_terms and village_terms. Needs rows, $asOf.
any(row IN rows WHERE row[0] >= $asOf AND (row[2] IS NULL OR row[2] > $asOf))
