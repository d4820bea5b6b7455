// 资产股权现状 — Current values of an asset and its shares. A change of shares reads them first.
// area: code of its area. formed: [amount, first day] of each portion formed by a project. dividends: {number, year,
// amount, record_date, payments} of each dividend. holdings: {label, key, number, kind, kind_text, shares, total,
// decision, ended_by, since, until} of every known holding: label and key of the holder, number of the certificate.
// @params asset, seq
// @returns asset_no, area, total, quantified, floor_rate, formed, holdings, dividends
MATCH (s:Asset {asset_no: $asset})
WHERE s.recorded <= $seq
WITH s, head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t)
  RETURN {total: t.total_shares, quantified: t.quantified, floor_rate: t.floor_rate} }) AS state
RETURN s.asset_no AS asset_no,
  head(COLLECT { MATCH (s)-[l:LOCATED_IN]->(w:Area) WHERE known(l) RETURN w.code ORDER BY w.code }) AS area,
  state.total AS total, state.quantified AS quantified, state.floor_rate AS floor_rate,
  COLLECT { MATCH (s)<-[f:FORMED]-(p:Project) WHERE known(f) AND f.amount IS NOT NULL RETURN [f.amount, f.since]
    ORDER BY f.since, f.amount } AS formed,
  COLLECT { MATCH (s)<-[o:HOLDS]-(h) WHERE known(o)
    RETURN {label: head([l IN labels(h) WHERE l <> 'Area']), key: coalesce(h.card_no, h.person_no, h.code, h.uscc),
      number: o.certificate, kind: o.kind, kind_text: o.kind_text, shares: o.shares, total: o.total_shares,
      decision: o.decision, ended_by: o.ended_by, since: o.since, until: o.until}
    ORDER BY o.certificate, o.since } AS holdings,
  COLLECT { MATCH (s)-[y:YIELDED]->(d:Distribution)<-[:OF]-(u:DistributionState) WHERE known(y) AND known(u)
    WITH d, u, size(COLLECT { MATCH (d)-[p:PAID]->() WHERE known(p) RETURN p.voucher }) AS payments
    RETURN {number: d.distribution_no, year: u.year, amount: u.amount, record_date: u.record_date, payments: payments}
    ORDER BY d.distribution_no } AS dividends
