// 户级指标 — Figures of the household h on the day and in its year. Amounts are in fen.
// persons: members, or the number on the card if none is in the register. poor: on the day. unclear: poverty status
// unknown. exited: its exit took effect in the year, up to the day. returned: to poverty in the year. helped: has a
// helper in office. measures: amounts of the measures in force that are not in name only. paid: dividends of the year
// up to the day.
// Needs h, $asOf, $seq, $year, $hollow; h may be null.
CALL (h) {
  WITH h,
    COUNT { MATCH (h)<-[m:MEMBER_OF]-(:Person) WHERE holds(m) } AS members,
    coalesce(head(COLLECT { MATCH (h)<-[:OF]-(b:HouseholdYear) WHERE known(b) AND b.year <= $year RETURN b.size
      ORDER BY b.year DESC LIMIT 1 }), 0) AS carded,
    EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AS poor,
    EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.exited_in = $year AND p.until < $asOf } AS exited,
    EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since = $year * 10000 + 101 AND p.since <= $asOf
      AND EXISTS { MATCH (h)-[q:POOR_IN]->(:Village) WHERE known(q) AND q.exited_in IS NOT NULL AND q.until < p.since }
      } AS returned,
    part(has_helper) AS helped,
    COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
      AND NOT coalesce(s.content IN $hollow, false) RETURN coalesce(s.amount, 0) } +
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(b) AND holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
      AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT coalesce(s.content IN $hollow, false)
      AND NOT EXISTS { MATCH (h)-[q:RECEIVES]->(m) WHERE holds(q) } RETURN coalesce(s.amount, 0) } AS measures,
    part(status_unclear) AS unclear,
    COLLECT { MATCH (h)<-[d:PAID]-(:Distribution) WHERE known(d) AND d.since <= $asOf AND d.since >= $year * 10000
      RETURN d.amount } AS paid
  WITH h, CASE WHEN members > 0 THEN members ELSE carded END AS persons, poor, exited, returned, helped,
    measures, paid, unclear
  RETURN persons, poor, exited, returned, helped, measures, paid, unclear
}
