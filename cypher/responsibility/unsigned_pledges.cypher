// 未签订的责任书 — Areas of the stated levels that owe a responsibility letter for the year of a day, and for which none is signed by then.
// Only areas of which the register has households or a book owe one, as the ledger tells them. A letter is signed where somebody has signed it until the day. reason: NO_PLEDGE, there is none of the year; UNSIGNED, there is, unsigned.
// areas: ranges of codes; low, high: what they span, for the index. levels: of areas that owe one. after: [area].
// @params areas, low, high, asOf, seq, year, levels, after, limit
// @returns area, reason, pledge_no
MATCH (a:Area)
WHERE within(a) AND a.code > $after[0] AND a.recorded <= $seq
  AND a.level IN $levels AND NOT EXISTS { MATCH (a)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf } AND (part(registered_there))
WITH a ORDER BY a.code
CALL (a) {
  RETURN COLLECT { MATCH (a)<-[c:COVERS]-(p:Pledge)<-[:OF]-(s:PledgeState) WHERE holds(c) AND known(s) AND s.year = $year
    RETURN [p.pledge_no, EXISTS { MATCH (p)<-[g:SIGNED]-(:Cadre) WHERE known(g) AND g.since <= $asOf }] ORDER BY p.pledge_no } AS pledges
}
WITH a.code AS area, pledges
WHERE none(one IN pledges WHERE one[1])
WITH area, CASE WHEN size(pledges) = 0 THEN 'NO_PLEDGE' ELSE 'UNSIGNED' END AS reason, pledges[0][0] AS pledge_no ORDER BY area LIMIT $limit
RETURN area, reason, pledge_no
ORDER BY area
