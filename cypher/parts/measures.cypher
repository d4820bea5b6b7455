// 户的措施 — Measures of the household h or its members in force on the day: [number, kind, content, whether in name only].
// Needs h, $asOf, $seq, $hollow.
COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
  RETURN [m.measure_no, s.kind, s.content, coalesce(s.content IN $hollow, false)] ORDER BY m.measure_no } +
COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE holds(b) AND holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
    AND coalesce(s.ends_on, $asOf) >= $asOf
    AND NOT EXISTS { MATCH (h)-[q:RECEIVES]->(m) WHERE holds(q) }
  RETURN DISTINCT [m.measure_no, s.kind, s.content, coalesce(s.content IN $hollow, false)] AS one ORDER BY one }
