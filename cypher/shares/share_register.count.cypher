// 股权登记合计 — Totals of the shares of an asset on a day: stated total, shares by kind, holders, decisions.
// scope: ranges that the user may see; null for all. There is no row for an asset outside the scope.
// total: as stated in the asset sheet. stated: distinct totals stated on the certificates of the day.
// held: [kind, certificates, certificates that state their shares, sum of shares]. decisions: [number, act, day,
// reason]. issued, ended: [decision, certificates, certificates that state their shares, sum of shares].
// @params asset, scope, asOf, seq
// @returns asset_no, total, stated, held, holders, decisions, issued, ended
MATCH (s:Asset {asset_no: $asset})
WHERE s.recorded <= $seq
  AND ($scope IS NULL OR EXISTS { MATCH (s)-[l:LOCATED_IN]->(w:Area)
    WHERE known(l) AND any(r IN $scope WHERE w.code >= r[0] AND w.code < r[1]) })
RETURN s.asset_no AS asset_no,
  head(COLLECT { MATCH (s)<-[:OF]-(t:AssetState) WHERE known(t) RETURN t.total_shares }) AS total,
  COLLECT { MATCH (s)<-[o:HOLDS]-() WHERE holds(o) AND o.total_shares IS NOT NULL RETURN DISTINCT o.total_shares
    ORDER BY o.total_shares } AS stated,
  COLLECT { MATCH (s)<-[o:HOLDS]-() WHERE holds(o)
    WITH coalesce(o.kind, 'OTHER') AS kind, count(o) AS certificates, count(o.shares) AS stated_count,
      coalesce(sum(o.shares), 0) AS shares
    RETURN [kind, certificates, stated_count, shares] ORDER BY kind } AS held,
  size(COLLECT { MATCH (s)<-[o:HOLDS]-(h) WHERE holds(o)
    RETURN DISTINCT coalesce(h.card_no, h.person_no, h.code, h.uscc) }) AS holders,
  COLLECT { MATCH (s)<-[a:DECIDED_ON]-(d:ShareDecision)<-[:OF]-(t:ShareDecisionState)
    WHERE known(a) AND known(t) AND coalesce(t.decided_on, 0) <= $asOf
    RETURN [d.decision_no, t.act, t.decided_on, t.reason] ORDER BY t.decided_on, d.decision_no } AS decisions,
  COLLECT { MATCH (s)<-[o:HOLDS]-() WHERE known(o) AND o.decision IS NOT NULL
    WITH o.decision AS decision, count(o) AS certificates, count(o.shares) AS stated_count,
      coalesce(sum(o.shares), 0) AS shares
    RETURN [decision, certificates, stated_count, shares] ORDER BY decision } AS issued,
  COLLECT { MATCH (s)<-[o:HOLDS]-() WHERE known(o) AND o.ended_by IS NOT NULL
    WITH o.ended_by AS decision, count(o) AS certificates, count(o.shares) AS stated_count,
      coalesce(sum(o.shares), 0) AS shares
    RETURN [decision, certificates, stated_count, shares] ORDER BY decision } AS ended
