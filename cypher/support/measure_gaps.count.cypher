// 帮扶措施缺口数 — Number of causes of poverty of the requested households, and of those not addressed.
// Only causes in the matrix count.
// The rules and parameters are those of measure_gaps.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, statuses, matrix, causes, hollow
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l) AND part(supported)
WITH h, part(support_status) AS status
WHERE status IN $statuses
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
    RETURN [c.main_cause] + coalesce(c.other_causes, []) ORDER BY c.year DESC LIMIT 1 }) AS suffered,
  part(measures) AS present,
  EXISTS { MATCH (h)-[k:HOLDS]->(:Asset) WHERE holds(k) } OR EXISTS {
    MATCH (h)<-[b:MEMBER_OF]-(:Person)-[k:HOLDS]->(:Asset) WHERE holds(b) AND holds(k) } AS shares
UNWIND $causes AS position
WITH suffered, present, shares, $matrix[position] AS answer
WHERE answer.cause IN suffered
WITH (answer.by_shares AND shares) OR any(m IN present WHERE m.kind IN answer.kinds AND NOT m.hollow) AS met
RETURN sum(CASE WHEN met THEN 0 ELSE 1 END) AS total, count(*) AS eligible
