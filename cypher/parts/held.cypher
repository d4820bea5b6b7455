// 持股情况 — Of the asset s how many holders there are of which shares: [[shares, stated total] of each certificate, holders]. Needs $asOf, $seq.
COLLECT { MATCH (s)<-[o:HOLDS]-(h) WHERE holds(o)
  WITH h, o ORDER BY o.total_shares, o.shares
  WITH h, collect([o.shares, o.total_shares]) AS held
  WITH held, count(*) AS holders
  RETURN [held, holders] }
