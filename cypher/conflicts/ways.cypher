// 利益关系路径 — Ties that lead on from cadres, operators and households on a day: duties, projects, money, shares.
// There is a row for each tie from a to b, with its evidence: number (voucher or certificate), amount, shares and their
// total, a text (duty, post or kind of shares) and the start date.
// POST: post of a cadre who is in office on the day. HELPS: number is the village of the household. EMPLOYS: of members
// of households that these cadres help; number is the household. DISBURSED: to members of these households; says is the
// household.
// cadres, operators, households, projects: keys of the nodes from which the ties start.
// @params cadres, operators, households, projects, asOf, seq
// @returns tie, a, a_key, b, b_key, number, amount, shares, total, says, since
CALL () {
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})
  WHERE part(cadre_in_office)
  RETURN 'POST' AS tie, 'Cadre' AS a, key AS a_key, null AS b, '' AS b_key, null AS number, null AS amount,
    null AS shares, null AS total,
    head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.post LIMIT 1 }) AS says, null AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[r:SERVES|LEADS|POSTED_TO]->(x:Area)
  WHERE holds(r)
  RETURN type(r) AS tie, 'Cadre' AS a, key AS a_key, CASE WHEN x:Village THEN 'Village' ELSE 'Area' END AS b,
    x.code AS b_key,
    null AS number, null AS amount, null AS shares, null AS total, coalesce(r.duty, r.post) AS says, r.since AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[r:HELPS]->(x:Household)
  WHERE holds(r)
  RETURN 'HELPS' AS tie, 'Cadre' AS a, key AS a_key, 'Household' AS b, x.card_no AS b_key,
    head(COLLECT { MATCH (x)-[l:LIVES_IN]->(v:Village) WHERE holds(l) RETURN v.code LIMIT 1 }) AS number,
      null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[r:APPROVED]->(x:Fund|Project)
  WHERE holds(r)
  RETURN 'APPROVED' AS tie, 'Cadre' AS a, key AS a_key, head(labels(x)) AS b,
    coalesce(x.fund_no, x.project_no) AS b_key, null AS number, null AS amount, null AS shares, null AS total,
    null AS says, r.since AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[p:APPROVED]->(f:Fund)-[passed:TRANSFERRED*0..8]->(g:Fund)
  WHERE holds(p) AND all(t IN passed WHERE holds(t))
  WITH DISTINCT g
  MATCH (g)-[r:TRANSFERRED]->(x:Fund)
  WHERE holds(r)
  RETURN 'TRANSFERRED' AS tie, 'Fund' AS a, g.fund_no AS a_key, 'Fund' AS b, x.fund_no AS b_key, r.voucher AS number,
    r.amount AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[p:HELPS]->(h:Household)-[r:JOINED|LEASES_TO|BORROWED_FROM|ENTRUSTS_TO]->(x)
  WHERE holds(p) AND part(link_valid) AND x.uscc IN $operators
  WITH DISTINCT h, r, x
  RETURN type(r) AS tie, 'Household' AS a, h.card_no AS a_key, head(labels(x)) AS b, x.uscc AS b_key, null AS number,
    null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[p:HELPS]->(h:Household)<-[m:MEMBER_OF]-(x:Person)<-[r:EMPLOYS]-(o)
  WHERE holds(p) AND holds(m) AND holds(r) AND o.uscc IN $operators
  WITH DISTINCT h, r, x, o
  RETURN 'EMPLOYS' AS tie, head(labels(o)) AS a, o.uscc AS a_key, 'Person' AS b, x.person_no AS b_key,
    h.card_no AS number, null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $cadres AS key
  MATCH (c:Cadre {cadre_no: key})-[p:HELPS]->(h:Household)-[r:HOLDS]->(x:Asset)
  WHERE holds(p) AND holds(r) AND EXISTS { MATCH (x)<-[w:OPERATES|OWNS]-(o) WHERE holds(w) AND o.uscc IN $operators }
    AND NOT h.card_no IN $households
  WITH DISTINCT h, r, x
  RETURN 'HOLDS' AS tie, 'Household' AS a, h.card_no AS a_key, 'Asset' AS b, x.asset_no AS b_key,
    r.certificate AS number, null AS amount, r.shares AS shares, r.total_shares AS total, r.kind AS says,
    r.since AS since
UNION ALL
  UNWIND $operators AS key
  MATCH (o:Enterprise|Cooperative {uscc: key})-[r:IMPLEMENTS]->(x:Project)
  WHERE holds(r)
  RETURN 'IMPLEMENTS' AS tie, head(labels(o)) AS a, key AS a_key, 'Project' AS b, x.project_no AS b_key,
    null AS number, null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $operators AS key
  MATCH (o:Enterprise|Cooperative {uscc: key})-[r:LOCATED_IN]->(x:Area)
  WHERE known(r)
  RETURN 'LOCATED_IN' AS tie, head(labels(o)) AS a, key AS a_key, CASE WHEN x:Village THEN 'Village'
    ELSE 'Area' END AS b, x.code AS b_key, null AS number, null AS amount, null AS shares, null AS total, null AS says,
    r.since AS since
UNION ALL
  UNWIND $operators AS key
  MATCH (o:Enterprise|Cooperative {uscc: key})<-[r:INVESTED|LENT]-(x:Fund)
  WHERE holds(r)
  RETURN type(r) AS tie, 'Fund' AS a, x.fund_no AS a_key, head(labels(o)) AS b, key AS b_key, r.voucher AS number,
    r.amount AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  part(assets_reached)
  MATCH (o:Enterprise|Cooperative)-[r:OPERATES|OWNS]->(s)
  WHERE holds(r)
  RETURN type(r) AS tie, head(labels(o)) AS a, o.uscc AS a_key, 'Asset' AS b, s.asset_no AS b_key, null AS number,
    null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  part(assets_reached)
  MATCH (s)-[r:LOCATED_IN]->(x:Area)
  WHERE known(r)
  RETURN 'LOCATED_IN' AS tie, 'Asset' AS a, s.asset_no AS a_key, CASE WHEN x:Village THEN 'Village'
    ELSE 'Area' END AS b, x.code AS b_key, null AS number, null AS amount, null AS shares, null AS total, null AS says,
    r.since AS since
UNION ALL
  part(assets_reached)
  MATCH (s)<-[r:FORMED]-(x:Project)
  WHERE holds(r)
  RETURN 'FORMED' AS tie, 'Project' AS a, x.project_no AS a_key, 'Asset' AS b, s.asset_no AS b_key, null AS number,
    r.amount AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  CALL () {
    UNWIND $operators AS key
    MATCH (:Enterprise|Cooperative {uscc: key})-[r:IMPLEMENTS]->(x:Project)
    WHERE holds(r)
    RETURN x
  UNION
    UNWIND $projects AS key
    MATCH (x:Project {project_no: key})
    RETURN x
  UNION
    part(assets_reached)
    MATCH (s)<-[r:FORMED]-(x:Project)
    WHERE holds(r)
    RETURN x
  }
  WITH DISTINCT x
  MATCH (x)<-[r:ALLOCATED]-(f:Fund)
  WHERE holds(r)
  RETURN 'ALLOCATED' AS tie, 'Fund' AS a, f.fund_no AS a_key, 'Project' AS b, x.project_no AS b_key,
    r.voucher AS number, r.amount AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $operators AS key
  MATCH (:Enterprise|Cooperative {uscc: key})-[p:IMPLEMENTS]->(s:Project)-[r:LOCATED_IN]->(x:Area)
  WHERE holds(p) AND known(r)
  RETURN 'LOCATED_IN' AS tie, 'Project' AS a, s.project_no AS a_key, CASE WHEN x:Village THEN 'Village'
    ELSE 'Area' END AS b, x.code AS b_key, null AS number, null AS amount, null AS shares, null AS total, null AS says,
    r.since AS since
UNION ALL
  UNWIND $households AS key
  MATCH (h:Household {card_no: key})-[r:LIVES_IN]->(x:Village)
  WHERE holds(r)
  RETURN 'LIVES_IN' AS tie, 'Household' AS a, key AS a_key, 'Village' AS b, x.code AS b_key, null AS number,
    null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $households AS key
  MATCH (h:Household {card_no: key})-[r:HOLDS]->(x:Asset)
  WHERE holds(r)
  RETURN 'HOLDS' AS tie, 'Household' AS a, key AS a_key, 'Asset' AS b, x.asset_no AS b_key, r.certificate AS number,
    null AS amount, r.shares AS shares, r.total_shares AS total, r.kind AS says, r.since AS since
UNION ALL
  UNWIND $households AS key
  MATCH (h:Household {card_no: key})<-[r:PAID]-(d:Distribution)
  WHERE holds(r)
  RETURN 'PAID' AS tie, 'Distribution' AS a, d.distribution_no AS a_key, 'Household' AS b, key AS b_key,
    r.voucher AS number, r.amount AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $households AS key
  MATCH (h:Household {card_no: key})<-[p:PAID]-(d:Distribution)<-[r:YIELDED]-(x:Asset)
  WHERE holds(p) AND known(r)
  WITH DISTINCT d, r, x
  RETURN 'YIELDED' AS tie, 'Asset' AS a, x.asset_no AS a_key, 'Distribution' AS b, d.distribution_no AS b_key,
    null AS number, null AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $households AS key
  MATCH (h:Household {card_no: key})<-[r:GRANTED]-(f:Fund)
  WHERE holds(r)
  RETURN 'GRANTED' AS tie, 'Fund' AS a, f.fund_no AS a_key, 'Household' AS b, key AS b_key, r.voucher AS number,
    r.amount AS amount, null AS shares, null AS total, null AS says, r.since AS since
UNION ALL
  UNWIND $households AS key
  MATCH (h:Household {card_no: key})<-[m:MEMBER_OF]-(x:Person)<-[r:DISBURSED]-(f:Fund)
  WHERE holds(m) AND holds(r)
  RETURN 'DISBURSED' AS tie, 'Fund' AS a, f.fund_no AS a_key, 'Person' AS b, x.person_no AS b_key, r.voucher AS number,
    r.amount AS amount, null AS shares, null AS total, key AS says, r.since AS since
}
RETURN tie, a, a_key, b, b_key, number, amount, shares, total, says, since
ORDER BY tie, a_key, b_key, since, number
