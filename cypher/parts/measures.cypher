// 户的措施 — Measures of the household h or its members in force on the day.
// {measure_no, kind, content, hollow}: hollow, whether it is in name only.
// Needs h, $asOf, $seq, $hollow.
COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
  RETURN {measure_no: m.measure_no, kind: s.kind, content: s.content, hollow: coalesce(s.content IN $hollow, false)}
  ORDER BY m.measure_no } +
COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
  WHERE holds(b) AND holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf
    AND coalesce(s.ends_on, $asOf) >= $asOf
    AND NOT EXISTS { MATCH (h)-[q:RECEIVES]->(m) WHERE holds(q) }
  WITH DISTINCT m.measure_no AS measure_no, s.kind AS kind, s.content AS content
  RETURN {measure_no: measure_no, kind: kind, content: content, hollow: coalesce(content IN $hollow, false)}
  ORDER BY measure_no, kind, content }
