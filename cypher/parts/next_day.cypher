// 次日 — The day after the day `ended`, as YYYYMMDD. Needs ended.
CASE WHEN ended % 100 < 28 OR ended % 100 < [31, CASE
  WHEN ended / 10000 % 4 = 0 AND (ended / 10000 % 100 <> 0 OR ended / 10000 % 400 = 0) THEN 29 ELSE 28 END, 31, 30, 31,
  30, 31, 31, 30, 31, 30, 31][ended / 100 % 100 - 1] THEN ended + 1
  WHEN ended / 100 % 100 < 12 THEN (ended / 100 + 1) * 100 + 1 ELSE (ended / 10000 + 1) * 10000 + 101 END
