// 待结对的户 — Households that are entitled to a helper on a day but have none in office, whatever the reason.
// areas: ranges of codes; low, high: range that they span, for the index. yearsAfterExit: number of years after exit
// with entitlement to a helper.
// @params areas, low, high, asOf, seq, year, yearsAfterExit
// @returns village, household
MATCH (v:Village)
WHERE within(v) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l) AND part(supported)
  AND NOT part(has_helper)
WITH v.code AS village, h.card_no AS household
RETURN village, household
ORDER BY village, household
