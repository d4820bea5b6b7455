// 并入的区划 — Areas that were merged into others by a day, with the date of the merger.
// A chain of several mergers is followed.
// @params asOf, seq
// @returns code, former, since
MATCH (a:Area)<-[xs:PREDECESSOR_OF*1..4]-(f:Area)
WHERE merged(xs)
WITH a.code AS code, f.code AS former,
  reduce(latest = 0, x IN xs | CASE WHEN x.since > latest THEN x.since ELSE latest END) AS since
RETURN code, former, min(since) AS since
ORDER BY code, former
