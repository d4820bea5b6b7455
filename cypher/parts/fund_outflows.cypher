// 转出合计 — Money that left the fund or bank g, by recipient.
// Payments count for each recipient who was paid more than was taken back; loans for each borrower who still owes
// money; a measure if this fund alone pays for it.
// Needs g, $asOf, $seq.
coalesce(head(COLLECT { MATCH (g)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED]->(x) WHERE holds(t)
  WITH x, sum(t.amount) AS paid
  WHERE paid > 0
  RETURN sum(paid) }), 0) +
coalesce(head(COLLECT { MATCH (g)-[t:LENT]->(x) WHERE holds(t)
  WITH x, sum(t.amount) AS lent
  WITH lent - coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(x) WHERE holds(r) RETURN sum(r.amount) }), 0) AS owed
  WHERE owed > 0
  RETURN sum(owed) }), 0) +
coalesce(head(COLLECT { MATCH (g)-[t:PAYS]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE known(t) AND known(s) AND s.amount IS NOT NULL AND coalesce(s.starts_on, $asOf) <= $asOf
  AND NOT EXISTS { MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) AND o <> g } RETURN sum(s.amount) }), 0)
