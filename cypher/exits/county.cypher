// 县摘帽标准 — Exit standard of a county, condition by condition, with evidence.
// predicates: {predicate, comparison, threshold}; shares in millionths. The maps are those of the part
// judged_predicates.
// @params key, areas, asOf, seq, year, predicates
// @returns label, subject, judged, area
MATCH (c:Area {code: $key})
WHERE c.level = 'COUNTY' AND any(area IN $areas WHERE c.code >= area[0] AND c.code < area[1])
part(county_facts)
WITH 'Area' AS label, c.code AS subject, part(judged_predicates) AS judged,
  c.code AS area
RETURN label, subject, judged, area
