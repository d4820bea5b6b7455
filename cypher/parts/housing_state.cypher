// 户的安居状态 — Housing state of the household h; only if its house is unsafe or it has a housing measure.
// grade; measure, the most advanced one ({rank, measure_no, kind, starts_on, moved_in_on}; null if there is none);
// state.
// Measures in name only do not count.
// Needs h, $asOf, $seq, $year, $kinds (of housing measures), $hollow.
CALL (h) {
  WITH h,
    head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year RETURN {grade: c.housing}
      ORDER BY c.year DESC LIMIT 1 }).grade AS grade,
    COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(r) AND known(s) AND s.kind IN $kinds AND NOT coalesce(s.content IN $hollow, false)
      RETURN {measure_no: m.measure_no, kind: s.kind, starts_on: s.starts_on, ends_on: s.ends_on,
        moved_in_on: s.moved_in_on} ORDER BY m.measure_no } +
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
      WHERE holds(b) AND holds(r) AND known(s) AND s.kind IN $kinds AND NOT coalesce(s.content IN $hollow, false)
      RETURN {measure_no: m.measure_no, kind: s.kind, starts_on: s.starts_on, ends_on: s.ends_on,
        moved_in_on: s.moved_in_on} ORDER BY m.measure_no } AS measures
  WHERE grade IN ['GRADE_C', 'GRADE_D'] OR size(measures) > 0
  WITH h, grade, [m IN measures | {rank: CASE WHEN m.moved_in_on <= $asOf THEN 4 WHEN m.ends_on < $asOf THEN 1
    WHEN m.starts_on > $asOf THEN 2 ELSE 3 END, measure_no: m.measure_no, kind: m.kind, starts_on: m.starts_on,
    moved_in_on: CASE WHEN m.moved_in_on <= $asOf THEN m.moved_in_on END}] AS ranked
  WITH h, grade, reduce(best = null, m IN ranked | CASE WHEN best IS NULL OR m.rank > best.rank THEN m ELSE best END)
    AS measure
  WITH h, grade, measure, ['NONE', 'NOT_TOLD', 'PLANNED', 'UNDER_WAY', 'MOVED'][coalesce(measure.rank, 0)] AS state
  RETURN grade, measure, state
}
