// 资产股权现状 — Current values of an asset and its shares. A change of shares reads them first.
// place: code of its area. formed: [amount, first day] of each portion formed by a project.
// dividends: [number, year, amount, record date, payments].
// holdings: [label of the holder, key, certificate, kind, its original text, shares, total shares, decision, decision
// that ended it, first day, last day] of every known holding.
// @params asset, seq
// @returns asset_no, place, total, quantified, floor_rate, formed, holdings, dividends
MATCH (s:Asset {asset_no: $asset})
WHERE s.recorded <= $seq
WITH s, head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t)
  RETURN [t.total_shares, t.quantified, t.floor_rate] }) AS t
RETURN s.asset_no AS asset_no,
  head(COLLECT { MATCH (s)-[l:LOCATED_IN]->(w:Area) WHERE known(l) RETURN w.code ORDER BY w.code }) AS place,
  t[0] AS total, t[1] AS quantified, t[2] AS floor_rate,
  COLLECT { MATCH (s)<-[f:FORMED]-(p:Project) WHERE known(f) AND f.amount IS NOT NULL RETURN [f.amount, f.since]
    ORDER BY f.since, f.amount } AS formed,
  COLLECT { MATCH (s)<-[o:HOLDS]-(h) WHERE known(o)
    RETURN [head([l IN labels(h) WHERE l <> 'Area']), coalesce(h.card_no, h.person_no, h.code, h.uscc), o.certificate,
      o.kind, o.kind_text,
      o.shares, o.total_shares, o.decision, o.ended_by, o.since, o.until] ORDER BY o.certificate, o.since } AS holdings,
  COLLECT { MATCH (s)-[y:YIELDED]->(d:Distribution)<-[:OF]-(u:DistributionState) WHERE known(y) AND known(u)
    RETURN [d.distribution_no, u.year, u.amount, u.record_date,
      size(COLLECT { MATCH (d)-[p:PAID]->() WHERE known(p) RETURN p.voucher })]
    ORDER BY d.distribution_no } AS dividends
