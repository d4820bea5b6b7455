// 帮扶措施缺口数 — Of the causes of poverty of poor households that the matrix has, those that no measure answers.
// The rules and parameters are those of measure_gaps.
// @params areas, low, high, asOf, seq, year, matrix, causes, hollow
// @returns total, eligible
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND size([area IN $areas WHERE v.code >= area[0] AND v.code < area[1]]) > 0 AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) }
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year RETURN [c.main_cause] + coalesce(c.other_causes, []) ORDER BY c.year DESC LIMIT 1 }) AS suffered,
  COLLECT { MATCH (h)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT coalesce(s.content IN $hollow, false)
    RETURN DISTINCT s.kind AS kind ORDER BY kind } +
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(b) AND holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT coalesce(s.content IN $hollow, false)
    RETURN DISTINCT s.kind AS kind ORDER BY kind } AS answering,
  EXISTS { MATCH (h)-[k:HOLDS]->(:Asset) WHERE holds(k) } OR EXISTS { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[k:HOLDS]->(:Asset) WHERE holds(b) AND holds(k) } AS shares
UNWIND $causes AS position
WITH suffered, answering, shares, $matrix[position] AS answer
WHERE answer[0] IN suffered
WITH (answer[2] AND shares) OR any(kind IN answering WHERE kind IN answer[1]) AS met
RETURN sum(CASE WHEN met THEN 0 ELSE 1 END) AS total, count(*) AS eligible
