// 联结有效 — Whether the link r of a household with an operator is valid on the day.
// The first and last day count, and so does the day on which borrowed livestock was returned, if that is earlier.
// Needs r, $asOf, $seq.
holds(r) AND coalesce(r.returned, $asOf) >= $asOf
