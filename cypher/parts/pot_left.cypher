// 转出合计 — What has left the fund or the bank g: of each to which more went than came back of its loans, what is left there; a measure counts where it alone pays for it.
// Needs $asOf, $seq.
coalesce(head(COLLECT { MATCH (g)-[t:TRANSFERRED|ALLOCATED|GRANTED|INVESTED|LENT]->(x) WHERE holds(t)
  WITH x, sum(t.amount) AS given
  WITH given - coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(x) WHERE holds(r) RETURN sum(r.amount) }), 0) AS remaining
  WHERE remaining > 0
  RETURN sum(remaining) }), 0) +
coalesce(head(COLLECT { MATCH (g)-[t:PAYS]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE known(t) AND known(s) AND s.amount IS NOT NULL AND coalesce(s.starts_on, $asOf) <= $asOf
  AND NOT EXISTS { MATCH (m)<-[u:PAYS]-(o:Fund) WHERE known(u) AND o <> g } RETURN sum(s.amount) }), 0)
