// 安居状态 — Poor households, and those in the years of support, whose house is unsafe, or for whom a move or a safe house is arranged: where they stand on a day.
// state: NONE, nothing is arranged; PLANNED, a measure begins after the day; UNDER_WAY, it has begun, and nobody has moved in; NOT_TOLD, it has
// ended, and it is not told that anybody did; MOVED, they have moved in. Of several measures that which has come furthest. The grade is the latest card's.
// kinds: of measures for it. states, grades, only: those asked for (only: kinds of the measure; null: any, and none). after: [village, household].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, kinds, hollow, states, grades, only, after, limit
// @returns village, household, grade, state, measure_no, kind, starts_on, moved_in_on
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  part(housing)
  WITH h, grade, one, state
  WHERE state IN $states AND ($grades IS NULL OR grade IN $grades) AND ($only IS NULL OR one[2] IN $only)
  RETURN h.card_no AS household, grade, state, one ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, grade, state, one[1] AS measure_no, one[2] AS kind, one[3] AS starts_on, one[4] AS moved_in_on ORDER BY village, household LIMIT $limit
RETURN village, household, grade, state, measure_no, kind, starts_on, moved_in_on
ORDER BY village, household
