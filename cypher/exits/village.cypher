// 村退出标准 — Exit standard of a village, condition by condition, with evidence.
// predicates: {predicate, comparison, threshold}; shares in millionths, money in fen. The maps are those of the part
// judged_predicates.
// @params key, areas, low, high, asOf, seq, year, predicates
// @returns label, subject, judged, area
MATCH (v:Village {code: $key})
WHERE part(in_area)
part(village_facts)
WITH 'Village' AS label, v.code AS subject, part(judged_predicates) AS judged,
  v.code AS area
RETURN label, subject, judged, area
