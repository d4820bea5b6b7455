// 安居状态数 — Number of supported households with an unsafe house or a housing measure, by state.
// The rules and parameters are those of housing_states.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, kinds, hollow, states, grades, only
// @returns total, eligible, nothing, ended, planned, begun, moved
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  part(housing_state)
  RETURN grade, measure, state
}
RETURN coalesce(sum(CASE WHEN state IN $states AND ($grades IS NULL OR grade IN $grades)
  AND ($only IS NULL OR measure.kind IN $only) THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible,
  coalesce(sum(CASE WHEN state = 'NONE' THEN 1 ELSE 0 END), 0) AS nothing,
    coalesce(sum(CASE WHEN state = 'NOT_TOLD' THEN 1 ELSE 0 END), 0) AS ended,
  coalesce(sum(CASE WHEN state = 'PLANNED' THEN 1 ELSE 0 END), 0) AS planned,
    coalesce(sum(CASE WHEN state = 'UNDER_WAY' THEN 1 ELSE 0 END), 0) AS begun,
  coalesce(sum(CASE WHEN state = 'MOVED' THEN 1 ELSE 0 END), 0) AS moved
