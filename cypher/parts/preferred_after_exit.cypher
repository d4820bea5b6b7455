// 脱贫后仍持优先股 — Whether the household h, a holder of preferred shares, was poor once but not since $grace.
// Needs h, $grace, $asOf, $seq.
EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf } AND NOT EXISTS {
  MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf AND p.until >= $grace }
  AND NOT part(status_unclear)
