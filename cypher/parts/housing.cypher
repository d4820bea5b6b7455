// 户的安居状态 — Housing state of the household h; only if its house is unsafe or it has a housing measure.
// grade; one, the most advanced measure ([rank, number, kind, starts_on, moved_in_on]; null if there is none); state.
// Measures in name only do not count.
// Needs h, $asOf, $seq, $year, $kinds (of housing measures), $hollow.
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year RETURN [c.housing]
    ORDER BY c.year DESC LIMIT 1 })[0] AS grade,
  COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND s.kind IN $kinds AND NOT coalesce(s.content IN $hollow, false)
    RETURN [s.starts_on, s.ends_on, s.moved_in_on, m.measure_no, s.kind] ORDER BY m.measure_no } +
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(b) AND holds(r) AND known(s) AND s.kind IN $kinds AND NOT coalesce(s.content IN $hollow, false)
    RETURN [s.starts_on, s.ends_on, s.moved_in_on, m.measure_no, s.kind] ORDER BY m.measure_no } AS arranged
WHERE grade IN ['GRADE_C', 'GRADE_D'] OR size(arranged) > 0
WITH h, grade, [x IN arranged | [CASE WHEN x[2] <= $asOf THEN 4 WHEN x[1] < $asOf THEN 1 WHEN x[0] > $asOf THEN 2
  ELSE 3 END, x[3], x[4], x[0], CASE WHEN x[2] <= $asOf THEN x[2] END]] AS ranked
WITH h, grade, reduce(best = null, x IN ranked | CASE WHEN best IS NULL OR x[0] > best[0] THEN x ELSE best END) AS one
WITH h, grade, one, ['NONE', 'NOT_TOLD', 'PLANNED', 'UNDER_WAY', 'MOVED'][coalesce(one[0], 0)] AS state
