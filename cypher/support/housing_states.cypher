// 安居状态 — State of housing on a day of supported households with an unsafe house or a housing measure.
// state: NONE, there is no measure; PLANNED, a measure begins after the day; UNDER_WAY, it has begun and nobody has
// moved in; NOT_TOLD, it has ended and no move is recorded; MOVED, the household has moved in.
// Of several measures, the most advanced one is returned. The grade is that of the latest card.
// kinds: kinds of housing measures. states, grades, only: requested states, grades and kinds of the measure; null for
// all. after: [village, household].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, kinds, hollow, states, grades, only, after, limit
// @returns village, household, grade, state, measure_no, kind, starts_on, moved_in_on
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  part(housing_state)
  WITH h, grade, measure, state
  WHERE state IN $states AND ($grades IS NULL OR grade IN $grades) AND ($only IS NULL OR measure.kind IN $only)
  RETURN h.card_no AS household, grade, state, measure ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, grade, state, measure.measure_no AS measure_no, measure.kind AS kind,
  measure.starts_on AS starts_on, measure.moved_in_on AS moved_in_on ORDER BY village, household LIMIT $limit
RETURN village, household, grade, state, measure_no, kind, starts_on, moved_in_on
ORDER BY village, household
