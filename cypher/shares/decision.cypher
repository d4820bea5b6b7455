// 股权决定现状 — Current values of a decision on shares: its asset, its certificates, and the change that recorded it.
// content: of the change or import that recorded it. issued, ended: {holder_label, kind, shares} of the certificates
// that it issued and ended.
// @params decision, seq
// @returns decision_no, act, decided_on, reason, asset, content, issued, ended
MATCH (d:ShareDecision {decision_no: $decision})<-[:OF]-(t:ShareDecisionState)
WHERE known(t)
WITH d, t, head(COLLECT { MATCH (d)-[a:DECIDED_ON]->(s:Asset) WHERE known(a) RETURN s.asset_no
  ORDER BY s.asset_no }) AS asset
RETURN d.decision_no AS decision_no, t.act AS act, t.decided_on AS decided_on, t.reason AS reason, asset,
  head(COLLECT { MATCH (i:Import {sequence: t.recorded}) RETURN i.content }) AS content,
  COLLECT { MATCH (:Asset {asset_no: asset})<-[o:HOLDS]-(h) WHERE known(o) AND o.decision = $decision
    RETURN {holder_label: head([l IN labels(h) WHERE l <> 'Area']), kind: o.kind, shares: o.shares}
    ORDER BY o.certificate } AS issued,
  COLLECT { MATCH (:Asset {asset_no: asset})<-[o:HOLDS]-(h) WHERE known(o) AND o.ended_by = $decision
    RETURN {holder_label: head([l IN labels(h) WHERE l <> 'Area']), kind: o.kind, shares: o.shares}
    ORDER BY o.certificate } AS ended
