// 持股情况 — Holders of the asset s by their shares: [[shares, stated total] of each certificate, number of holders].
// Needs s, $asOf, $seq.
COLLECT { MATCH (s)<-[o:HOLDS]-(holder) WHERE holds(o)
  WITH holder, o ORDER BY o.total_shares, o.shares
  WITH holder, collect([o.shares, o.total_shares]) AS stated_shares
  WITH stated_shares, count(*) AS holders
  RETURN [stated_shares, holders] }
