// 达标情况合计 — How many meet a standard, do not, are not known. Needs result.
coalesce(sum(CASE WHEN result = 'MET' THEN 1 ELSE 0 END), 0) AS met, coalesce(sum(CASE WHEN result = 'UNMET' THEN 1 ELSE 0 END), 0) AS unmet,
  coalesce(sum(CASE WHEN result = 'UNKNOWN' THEN 1 ELSE 0 END), 0) AS unknown
