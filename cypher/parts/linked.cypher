// 联结有效 — Whether the link r of a household with an operator holds on the day: both its days count, and so does the day on which borrowed livestock
// went back, where that is the earlier end. Needs r, $asOf, $seq.
holds(r) AND coalesce(r.returned, $asOf) >= $asOf
