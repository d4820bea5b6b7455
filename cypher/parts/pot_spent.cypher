// 支出合计 — Sum of the money that left the fund or bank g, minus repayments of its loans.
// A measure counts if this fund alone pays for it.
// Needs $asOf, $seq.
coalesce(head(COLLECT { MATCH (g)-[t:TRANSFERRED|ALLOCATED|GRANTED|DISBURSED|INVESTED|LENT]->() WHERE holds(t)
  RETURN sum(t.amount) }), 0) -
coalesce(head(COLLECT { MATCH (g)<-[t:REPAID]-() WHERE holds(t) RETURN sum(t.amount) }), 0) +
coalesce(head(COLLECT { MATCH (g)-[t:PAYS]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE known(t) AND known(s) AND s.amount IS NOT NULL AND coalesce(s.starts_on, $asOf) <= $asOf
  AND NOT EXISTS { MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) AND o <> g } RETURN sum(s.amount) }), 0)
