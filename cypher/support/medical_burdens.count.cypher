// 医疗费用负担数 — Number of members of supported households with medical costs, and of those above the ceiling.
// The rules and parameters are those of medical_burdens.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, ceiling, all
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  MATCH (h)<-[b:MEMBER_OF]-(p:Person)-[i:INCURRED]->(:MedicalCost)<-[:OF]-(s:MedicalCostState)
  WHERE holds(b) AND holds(i) AND known(s) AND s.paid_on >= $year * 10000 AND s.paid_on <= $asOf
    AND coalesce(s.own, s.insured) IS NOT NULL
  WITH p, sum(s.cost) AS cost, sum(coalesce(s.own, s.cost - s.insured)) AS own
  WHERE cost > 0
  RETURN own * 1000000 > $ceiling * cost AS above
}
RETURN sum(CASE WHEN above OR $all THEN 1 ELSE 0 END) AS total, count(*) AS eligible
