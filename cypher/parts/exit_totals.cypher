// 达标情况合计 — Number of results that are met, unmet and unknown. Needs result.
coalesce(sum(CASE WHEN result = 'MET' THEN 1 ELSE 0 END), 0) AS met,
  coalesce(sum(CASE WHEN result = 'UNMET' THEN 1 ELSE 0 END), 0) AS unmet,
  coalesce(sum(CASE WHEN result = 'UNKNOWN' THEN 1 ELSE 0 END), 0) AS unknown
