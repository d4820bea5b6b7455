// 经营主体带动 — Operators with the households of an area that are linked to them on a day, by kind of link, and jobs.
// joined, leasing, borrowing, entrusting, holding: number of households that are members, lease land, borrow livestock,
// entrust livestock, or hold shares of an asset that the operator operates. jobs: number of employed members.
// households: number of households with any link.
// Livestock that was returned is no link after the day of return. after: [operator].
// @params areas, low, high, asOf, seq, after, limit
// @returns uscc, enterprise, cooperative, households, jobs, joined, leasing, borrowing, entrusting, holding
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
CALL (h) {
  MATCH (h)-[r:JOINED|LEASES_TO|BORROWED_FROM|ENTRUSTS_TO]->(o)
  WHERE part(link_valid)
  RETURN o, type(r) AS link, 1 AS link_count
UNION ALL
  WITH h
  MATCH (h)-[r:HOLDS]->(:Asset)<-[x:OPERATES]-(o)
  WHERE holds(r) AND holds(x)
  RETURN o, 'HOLDS' AS link, 1 AS link_count
UNION ALL
  WITH h
  MATCH (h)<-[b:MEMBER_OF]-(p:Person)<-[r:EMPLOYS]-(o)
  WHERE holds(b) AND holds(r)
  RETURN o, 'EMPLOYS' AS link, count(DISTINCT p) AS link_count
}
WITH o.uscc AS code, o:Enterprise AS firm, h, link, sum(link_count) AS link_count
WHERE code > $after[0]
WITH code, firm, h, collect([link, link_count]) AS links
WITH code, firm, count(h) AS households,
  sum(reduce(n = 0, l IN links | n + CASE WHEN l[0] = 'EMPLOYS' THEN l[1] ELSE 0 END)) AS jobs,
  sum(CASE WHEN any(l IN links WHERE l[0] = 'JOINED') THEN 1 ELSE 0 END) AS joined,
  sum(CASE WHEN any(l IN links WHERE l[0] = 'LEASES_TO') THEN 1 ELSE 0 END) AS leasing,
  sum(CASE WHEN any(l IN links WHERE l[0] = 'BORROWED_FROM') THEN 1 ELSE 0 END) AS borrowing,
  sum(CASE WHEN any(l IN links WHERE l[0] = 'ENTRUSTS_TO') THEN 1 ELSE 0 END) AS entrusting,
  sum(CASE WHEN any(l IN links WHERE l[0] = 'HOLDS') THEN 1 ELSE 0 END) AS holding
ORDER BY code LIMIT $limit
WITH code AS uscc, CASE WHEN firm THEN code END AS enterprise, CASE WHEN NOT firm THEN code END AS cooperative,
  households, jobs, joined, leasing, borrowing, entrusting, holding
RETURN uscc, enterprise, cooperative, households, jobs, joined, leasing, borrowing, entrusting, holding
ORDER BY uscc
