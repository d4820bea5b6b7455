// 股权登记 — Holders of shares of an asset on a day, with their certificates and whether they are poor.
// scope: ranges that the user may see; null for all. Holders outside the scope come last, without a name; the first
// `skip` of them are omitted.
// after: [0, or 1 if the hidden holders have been reached; key of the last holder].
// certificates: [number, kind, shares, total shares, first day, last day, decision, decision that ended it].
// poor: of a household, or of the household of a person; null for others.
// @params asset, scope, asOf, seq, after, skip, limit
// @returns hidden, holder, kind, poor, certificates
MATCH (s:Asset {asset_no: $asset})<-[o:HOLDS]-(h)
WHERE holds(o)
WITH h, part(holder_key) AS key,
  collect([o.certificate, o.kind, o.shares, o.total_shares, o.since, o.until, o.decision, o.ended_by]) AS certificates
WITH h, key, certificates, CASE WHEN part(holder_out_of_scope) THEN 1 ELSE 0 END AS hidden
WHERE hidden > $after[0] OR (hidden = $after[0] AND (hidden = 1 OR key > $after[1]))
WITH h, key, certificates, hidden
ORDER BY hidden, key SKIP $skip LIMIT $limit
RETURN hidden AS hidden, key AS holder, part(holder_kind) AS kind,
  CASE WHEN h.card_no IS NOT NULL THEN EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) }
    WHEN h.person_no IS NOT NULL THEN EXISTS {
      MATCH (h)-[m:MEMBER_OF]->(:Household)-[p:POOR_IN]->(:Village) WHERE holds(m) AND holds(p) }
    ELSE null END AS poor,
  certificates AS certificates
ORDER BY hidden, holder
