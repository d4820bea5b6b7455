// 应帮扶的户 — Whether a household is owed help on a day: it is poor, or in the years after its exit in which support goes on.
// Needs h, $asOf, $seq, $year, $yearsAfterExit.
EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf AND (p.until >= $asOf OR (p.exited_in <= $year AND p.exited_in + $yearsAfterExit >= $year)) }
