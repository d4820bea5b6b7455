// 医疗费用负担 — Members of supported households whose own share of the year's medical costs exceeds the ceiling.
// Bills of the year up to the day count. own: the stated own amount, or the cost minus the insured amount; a bill with
// neither does not count. share, ceiling: in millionths.
// all: also members at or below the ceiling. after: [village, household, person].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, ceiling, all, after, limit
// @returns village, household, person, bills, cost, insured, own, share
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  MATCH (h)<-[b:MEMBER_OF]-(p:Person)-[i:INCURRED]->(:MedicalCost)<-[:OF]-(s:MedicalCostState)
  WHERE holds(b) AND holds(i) AND known(s) AND s.paid_on >= $year * 10000 AND s.paid_on <= $asOf
    AND coalesce(s.own, s.insured) IS NOT NULL
  WITH h.card_no AS household, p.person_no AS person, count(*) AS bills, sum(s.cost) AS cost, sum(s.insured) AS insured,
    sum(coalesce(s.own, s.cost - s.insured)) AS own
  WHERE cost > 0
  WITH household, person, bills, cost, insured, own, [own * 1000000, cost] AS fraction
  RETURN household, person, bills, cost, insured, own, part(rounded) AS share
}
WITH v.code AS village, household, person, bills, cost, insured, own, share
WHERE ($all OR own * 1000000 > $ceiling * cost)
  AND (village > $after[0] OR household > $after[1] OR (household = $after[1] AND person > $after[2]))
WITH village, household, person, bills, cost, insured, own, share ORDER BY village, household, person LIMIT $limit
RETURN village, household, person, bills, cost, insured, own, share
ORDER BY village, household, person
