// 资金去向 — Where a fund's money goes on a day: the funds it reaches, what each passes on and allocates, what projects formed.
// One row a fund reached, the asked one first among its equals; each voucher is evidence.
// transfers: [to fund, voucher, amount, on]; allocations: [project, voucher, amount, on, hidden, [[asset, formed amount, holders, hidden]]].
// areas: ranges that the asker may see, null = all of them. What lies elsewhere is there without a name.
// A fund reaches another through at most eight transfers.
// @params fund, areas, asOf, seq
// @returns fund_no, transfers, allocations
MATCH (f:Fund {fund_no: $fund})
WHERE f.recorded <= $seq
MATCH (f)-[passed:TRANSFERRED*0..8]->(g:Fund)
WHERE all(t IN passed WHERE holds(t))
WITH DISTINCT g
RETURN g.fund_no AS fund_no,
  COLLECT { MATCH (g)-[t:TRANSFERRED]->(n:Fund) WHERE holds(t) RETURN [n.fund_no, t.voucher, t.amount, t.since] ORDER BY n.fund_no, t.since, t.voucher } AS transfers,
  COLLECT { MATCH (g)-[a:ALLOCATED]->(p:Project) WHERE holds(a)
    RETURN [p.project_no, a.voucher, a.amount, a.since,
      $areas IS NOT NULL AND NOT EXISTS { MATCH (p)-[l:LOCATED_IN]->(w:Area) WHERE known(l) AND any(r IN $areas WHERE w.code >= r[0] AND w.code < r[1]) },
      COLLECT { MATCH (p)-[m:FORMED]->(s:Asset) WHERE holds(m)
        RETURN [s.asset_no, m.amount, size(COLLECT { MATCH (s)<-[o:HOLDS]-(h) WHERE holds(o) RETURN DISTINCT coalesce(h.card_no, h.person_no, h.code, h.uscc) }),
          $areas IS NOT NULL AND NOT EXISTS { MATCH (s)-[l:LOCATED_IN]->(w:Area) WHERE known(l) AND any(r IN $areas WHERE w.code >= r[0] AND w.code < r[1]) }] ORDER BY s.asset_no }]
    ORDER BY p.project_no, a.since, a.voucher } AS allocations
ORDER BY fund_no
