// 资产持有人 — Who holds shares of these assets on a day, asset after asset, holder after holder.
// assets: [position, asset]; after: [position, holder key]; areas: ranges that the asker may see, null = all of them.
// A holder whom the asker may not see is there without a name.
// @params assets, areas, asOf, seq, after, limit
// @returns position, holder, kind, certificates, hidden
UNWIND $assets AS asked
MATCH (s:Asset {asset_no: asked[1]})<-[o:HOLDS]-(h)
WHERE holds(o)
WITH asked[0] AS position, h, coalesce(h.card_no, h.person_no, h.code, h.uscc) AS key, o
WHERE position > $after[0] OR key > $after[1]
WITH position, h, key, collect([o.certificate, o.kind, o.shares, o.total_shares, o.since]) AS certificates
ORDER BY position, key LIMIT $limit
RETURN position AS position, key AS holder, head([l IN labels(h) WHERE l <> 'Area']) AS kind, certificates AS certificates,
  CASE WHEN $areas IS NULL THEN false
    WHEN h.person_no IS NOT NULL THEN NOT EXISTS { MATCH (h)-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(v:Village) WHERE holds(m) AND holds(l) AND any(a IN $areas WHERE v.code >= a[0] AND v.code < a[1]) }
    WHEN h.code IS NOT NULL THEN none(a IN $areas WHERE h.code >= a[0] AND h.code < a[1])
    WHEN h.card_no IS NULL THEN false
    ELSE NOT EXISTS { MATCH (h)-[l:LIVES_IN]->(v:Village) WHERE holds(l) AND any(a IN $areas WHERE v.code >= a[0] AND v.code < a[1]) } END AS hidden
ORDER BY position, holder
