// 未签订的责任书 — Areas of the stated levels without a signed responsibility letter for the year of a day.
// Only areas with households or a yearly record in the register need a letter, as in the ledger. A letter is signed if
// anybody has signed it until the day.
// reason: NO_PLEDGE, there is no letter for the year; UNSIGNED, there is one but it is not signed.
// areas: ranges of codes; low, high: range that they span, for the index. levels: levels of areas that need a letter.
// after: [area].
// @params areas, low, high, asOf, seq, year, levels, after, limit
// @returns area, reason, pledge_no
MATCH (a:Area)
WHERE within(a) AND a.code > $after[0] AND a.recorded <= $seq
  AND a.level IN $levels AND NOT EXISTS { MATCH (a)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
    AND (part(has_records))
WITH a ORDER BY a.code
CALL (a) {
  RETURN COLLECT { MATCH (a)<-[c:COVERS]-(p:Pledge)<-[:OF]-(s:PledgeState)
    WHERE holds(c) AND known(s) AND s.year = $year
    RETURN [p.pledge_no, EXISTS { MATCH (p)<-[g:SIGNED]-(:Cadre) WHERE known(g) AND g.since <= $asOf }]
      ORDER BY p.pledge_no } AS pledges
}
WITH a.code AS area, pledges
WHERE none(pledge IN pledges WHERE pledge[1])
WITH area, CASE WHEN size(pledges) = 0 THEN 'NO_PLEDGE' ELSE 'UNSIGNED' END AS reason, pledges[0][0] AS pledge_no
  ORDER BY area LIMIT $limit
RETURN area, reason, pledge_no
ORDER BY area
